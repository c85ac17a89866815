// Names that Baton needs, made of what AsyncAPI leaves to people's taste.
#pragma once

#include <string>
#include <string_view>

namespace baton::flow {

/// "Street Lights API" -> "street-lights-api". A title that is a name already stays as it is. "": nothing is left of
/// it.
std::string service_name(std::string_view title);

/// "light/measured/{id}" -> "light.measured.id": one topic for all values of the parameters. An address that is a topic
/// already stays as it is. "": nothing is left of it.
std::string topic_name(std::string_view address);

/// Can it be said in service.operation:version@default?
bool is_operation(std::string_view name);

}  // namespace baton::flow
