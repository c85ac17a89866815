// std::visit with one function an alternative: one that is left out does not compile.
#pragma once

namespace baton {

template <class... Functions>
struct Overloaded : Functions... {
  using Functions::operator()...;
};
template <class... Functions>
Overloaded(Functions...) -> Overloaded<Functions...>;

}  // namespace baton
