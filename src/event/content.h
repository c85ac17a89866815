// Data as bytes, and bytes as data, by content type.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "json/data.h"

namespace baton::event {

enum class Content {
  json,    ///< */json, */*+json, or none given: the data is the JSON value
  text,    ///< text/*, xml, yaml, javascript, forms: the data is a JSON string with the text
  binary,  ///< anything else: the data is a JSON string with the bytes in base64
};

Content content_of(std::string_view datacontenttype);

/// The bytes that stand for the data in a record's value or an HTTP body; "" for null. Text and binary data that is not
/// the string it should be is written as it is.
std::string to_bytes(const json::Data& data, Content content);

/// Errors: invalid (not JSON, not UTF-8 text). `check`: false for JSON that was checked before.
Result<json::Data> from_bytes(std::string_view bytes, Content content, bool check);

}  // namespace baton::event
