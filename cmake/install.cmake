# cmake --install, and a Debian package: the command, and what a program needs to embed Baton. One archive, libbaton.a, has the
# library of every folder up to app; find_package(baton) and pkg-config find it, and name the libraries below it.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

add_library(baton_archive STATIC)
if(CMAKE_BUILD_TYPE STREQUAL "Debug")
  set_target_properties(baton_archive PROPERTIES EXCLUDE_FROM_ALL TRUE)  # large, and not to be given away
endif()
set_target_properties(baton_archive PROPERTIES OUTPUT_NAME baton EXPORT_NAME baton LINKER_LANGUAGE CXX)
target_compile_features(baton_archive INTERFACE cxx_std_23)
target_include_directories(baton_archive INTERFACE $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
set(uses Threads::Threads)
baton_layer_row(app folders)
foreach(folder IN LISTS folders ITEMS app)
  # What is under testing/ is for this tree's tests.
  target_sources(baton_archive PRIVATE $<FILTER:$<TARGET_OBJECTS:baton_${folder}>,EXCLUDE,/testing/>)
  get_target_property(more baton_${folder} BATON_USES)
  list(APPEND uses ${more})
endforeach()
list(REMOVE_DUPLICATES uses)
list(TRANSFORM uses REPLACE "^onig$" "$<INSTALL_INTERFACE:baton::onig>")
target_link_libraries(baton_archive INTERFACE ${uses})

set(package ${CMAKE_INSTALL_LIBDIR}/cmake/baton)
install(TARGETS baton RUNTIME)
install(TARGETS baton_archive EXPORT baton ARCHIVE)
install(DIRECTORY include/baton TYPE INCLUDE)
install(EXPORT baton FILE baton-targets.cmake NAMESPACE baton:: DESTINATION ${package})
configure_package_config_file(cmake/baton-config.cmake.in ${CMAKE_BINARY_DIR}/baton-config.cmake INSTALL_DESTINATION ${package})
write_basic_package_version_file(${CMAKE_BINARY_DIR}/baton-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_BINARY_DIR}/baton-config.cmake ${CMAKE_BINARY_DIR}/baton-config-version.cmake DESTINATION ${package})
configure_file(cmake/baton.pc.in ${CMAKE_BINARY_DIR}/baton.pc @ONLY)
install(FILES ${CMAKE_BINARY_DIR}/baton.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR} RENAME copyright)

# The command says itself what it can do: its manual and its completions are made of that.
install(CODE "
  set(BATON \"$<TARGET_FILE:baton>\")
  set(MAN \"\$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_MANDIR}/man1/baton.1\")
  set(SHARE \"\$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_DATADIR}\")
  set(VERSION ${PROJECT_VERSION})
  include(\"${PROJECT_SOURCE_DIR}/cmake/manual.cmake\")
")

if(NOT PROJECT_IS_TOP_LEVEL)
  return()
endif()
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME baton)
set(CPACK_PACKAGE_CONTACT "Baton")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "Event flows across microservices, orchestrated or choreographed")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION devel)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
# For programs that embed it: what baton-config.cmake looks for.
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "g++, cmake, libboost-json1.81-dev, libboost-url1.81-dev, libboost1.81-dev, librocksdb-dev, libgflags-dev, \
libsnappy-dev, libbz2-dev, zlib1g-dev, liblz4-dev, libzstd-dev, libonig-dev, libyaml-cpp-dev, libfmt-dev, libspdlog-dev, libssl-dev, \
libcurl4-openssl-dev")
include(CPack)
