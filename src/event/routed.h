// An event on its way: what finds who waits for it (role/matcher) sends it on under another address, and puts its own aside.
#pragma once

#include <string_view>

#include "event/event.h"

namespace baton::event {

/// batonkind of an event that is brought to one instance, which is named by flowname, flowversion and correlationid, for
/// one listen, which flowtask names.
inline constexpr std::string_view kDelivered = "delivered";

/// Extension of an event that a flow has emitted with a correlationid of its own: which flow did.
inline constexpr std::string_view kEmitter = "batonemitter";

/// The event with its own correlationid, flowname, flowversion and flowtask put aside (as the extension `batonorigin`, a JSON
/// object), so that others may stand in their place. What is routed already is left as it is.
Event routed(const Event& event);
/// As its producer published it.
Event original(const Event& event);

/// An extension's value; "" when absent.
std::string_view extension(const Event& event, std::string_view name);
/// Sets or replaces an extension.
void set_extension(Event& event, std::string_view name, std::string value);

}  // namespace baton::event
