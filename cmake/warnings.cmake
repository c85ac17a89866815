# A designated initializer names what differs from the defaults; that the others are left out is the point.
add_compile_options(-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror -Wno-missing-field-initializers -fno-omit-frame-pointer)
# g++ 12 reports these from inside its own headers (std::string, std::variant, std::expected) once it inlines at -O2.
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  add_compile_options(-Wno-restrict -Wno-maybe-uninitialized -Wno-dangling-pointer -Wno-array-bounds
                      -Wno-stringop-overflow -Wno-stringop-overread -Wno-free-nonheap-object)
endif()
find_program(BATON_LINKER NAMES mold)
if(BATON_LINKER)
  add_link_options(-fuse-ld=mold)
endif()
find_program(BATON_CCACHE NAMES ccache)
if(BATON_CCACHE)
  # A second clone finds what the first one compiled: paths below the clone are taken as relative ones, and the folder that is
  # compiled in is no part of the key. A precompiled header is one of the inputs.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1
      CCACHE_SLOPPINESS=pch_defines,time_macros ${BATON_CCACHE})
endif()
