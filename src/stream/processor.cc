#include "stream/processor.h"

#include "base/assert.h"

namespace baton::stream {

void Processor::on_again(std::string_view, Context&) {
  BATON_ASSERT(!"who calls Context::again() has an on_again()");
}

}  // namespace baton::stream
