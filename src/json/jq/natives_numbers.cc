// Mathematics: the C library's functions, on doubles.
#include <cmath>

#include "json/jq/library.h"
#include "json/jq/run.h"

namespace baton::json::jq {
namespace {

using One = double (*)(double);
using Two = double (*)(double, double);

bool numbers(Run& run, std::initializer_list<const Val*> values) {
  for (const Val* value : values) {
    if (!value->is_number()) return run.fail(described(*value) + " number required"), false;
  }
  return true;
}

template <One kFunction>
Val one(Run& run, const Val& in, const Val*) {
  return numbers(run, {&in}) ? real(kFunction(in.to_double())) : Val();
}

template <Two kFunction>
Val two(Run& run, const Val&, const Val* a) {
  return numbers(run, {&a[0], &a[1]}) ? real(kFunction(a[0].to_double(), a[1].to_double())) : Val();
}

bool is_whole(const Val& v) {
  return v.form() == Form::integer || v.form() == Form::natural;
}

// Of an integer the integer itself: no digit is lost.
template <One kFunction>
Val rounded(Run& run, const Val& in, const Val*) {
  if (!numbers(run, {&in})) return {};
  return is_whole(in) ? in : real(kFunction(in.to_double()));
}

double gamma_of(double x) {
  int sign = 0;
  return lgamma_r(x, &sign);  // lgamma() writes a global
}
double ten_to(double x) {
  return std::pow(10.0, x);
}
double significand_of(double x) {
  if (x == 0 || !std::isfinite(x)) return x;
  return std::scalbn(x, -std::ilogb(x));
}
double scaled(double x, double by) {
  return x * std::exp2(by);
}
double scaled_by_integer(double x, double by) {
  return std::scalbln(x, std::isnan(by) ? 0 : static_cast<long>(std::fmax(-1e5, std::fmin(1e5, by))));
}
double bessel_j(double n, double x) {
  return std::fabs(n) > 1e4 ? std::nan("") : jn(static_cast<int>(n), x);
}
double bessel_y(double n, double x) {
  return std::fabs(n) > 1e4 ? std::nan("") : yn(static_cast<int>(n), x);
}
double next_toward(double x, double y) {
  return std::nextafter(x, y);
}

Val fabs_of(Run& run, const Val& in, const Val*) {
  if (!numbers(run, {&in})) return {};
  return in.is_integer() && in.get_integer() >= 0 ? in
         : in.is_integer()                        ? negate(run, in)
                                                  : real(std::fabs(in.to_double()));
}

Val abs_of(Run& run, const Val& in, const Val*) {
  return compare(run, in, Val::integer(0)) < 0 ? negate(run, in) : in;
}

Val pair(Run& run, Val first, Val second) {
  Val out = run.list(2);
  if (out.absent() || !run.push(out, std::move(first)) || !run.push(out, std::move(second))) return {};
  return out;
}

Val frexp_of(Run& run, const Val& in, const Val*) {
  if (!numbers(run, {&in})) return {};
  int exponent = 0;
  const double fraction = std::frexp(in.to_double(), &exponent);
  return pair(run, real(fraction), Val::integer(std::isfinite(fraction) ? exponent : 0));
}

Val modf_of(Run& run, const Val& in, const Val*) {
  if (!numbers(run, {&in})) return {};
  double whole = 0;
  const double fraction = std::modf(in.to_double(), &whole);
  return pair(run, real(fraction), real(whole));
}

Val lgamma_r_of(Run& run, const Val& in, const Val*) {
  if (!numbers(run, {&in})) return {};
  int sign = 0;
  const double value = lgamma_r(in.to_double(), &sign);
  return pair(run, real(value), Val::integer(sign));
}

Val fma_of(Run& run, const Val&, const Val* a) {
  if (!numbers(run, {&a[0], &a[1], &a[2]})) return {};
  return real(std::fma(a[0].to_double(), a[1].to_double(), a[2].to_double()));
}

Val ldexp_of(Run& run, const Val&, const Val* a) {
  if (!numbers(run, {&a[0], &a[1]})) return {};
  return real(scaled_by_integer(a[0].to_double(), a[1].to_double()));
}

Val infinite(Run&, const Val&, const Val*) {
  return Val::real(HUGE_VAL);
}
Val nan_value(Run&, const Val&, const Val*) {
  return Val::real(std::nan(""));
}
Val isinfinite(Run& run, const Val& in, const Val*) {
  return numbers(run, {&in}) ? Val::boolean(in.form() == Form::real && std::isinf(in.to_double())) : Val();
}
Val isnan_of(Run& run, const Val& in, const Val*) {
  return numbers(run, {&in}) ? Val::boolean(std::isnan(in.to_double())) : Val();
}
Val isnormal_of(Run& run, const Val& in, const Val*) {
  return numbers(run, {&in}) ? Val::boolean(std::isnormal(in.to_double())) : Val();
}

constexpr Native kNatives[] = {
    {"floor", 0, rounded<std::floor>},
    {"ceil", 0, rounded<std::ceil>},
    {"round", 0, rounded<std::round>},
    {"trunc", 0, rounded<std::trunc>},
    {"rint", 0, rounded<std::rint>},
    {"nearbyint", 0, rounded<std::nearbyint>},
    {"fabs", 0, fabs_of},
    {"abs", 0, abs_of},
    {"sqrt", 0, one<std::sqrt>},
    {"cbrt", 0, one<std::cbrt>},
    {"exp", 0, one<std::exp>},
    {"exp2", 0, one<std::exp2>},
    {"exp10", 0, one<ten_to>},
    {"pow10", 0, one<ten_to>},
    {"expm1", 0, one<std::expm1>},
    {"log", 0, one<std::log>},
    {"log2", 0, one<std::log2>},
    {"log10", 0, one<std::log10>},
    {"log1p", 0, one<std::log1p>},
    {"logb", 0, one<std::logb>},
    {"sin", 0, one<std::sin>},
    {"cos", 0, one<std::cos>},
    {"tan", 0, one<std::tan>},
    {"asin", 0, one<std::asin>},
    {"acos", 0, one<std::acos>},
    {"atan", 0, one<std::atan>},
    {"sinh", 0, one<std::sinh>},
    {"cosh", 0, one<std::cosh>},
    {"tanh", 0, one<std::tanh>},
    {"asinh", 0, one<std::asinh>},
    {"acosh", 0, one<std::acosh>},
    {"atanh", 0, one<std::atanh>},
    {"erf", 0, one<std::erf>},
    {"erfc", 0, one<std::erfc>},
    {"gamma", 0, one<gamma_of>},
    {"lgamma", 0, one<gamma_of>},
    {"tgamma", 0, one<std::tgamma>},
    {"lgamma_r", 0, lgamma_r_of},
    {"frexp", 0, frexp_of},
    {"modf", 0, modf_of},
    {"significand", 0, one<significand_of>},
    {"j0", 0, one<::j0>},
    {"j1", 0, one<::j1>},
    {"y0", 0, one<::y0>},
    {"y1", 0, one<::y1>},
    {"jn", 2, two<bessel_j>},
    {"yn", 2, two<bessel_y>},
    {"pow", 2, two<std::pow>},
    {"atan2", 2, two<std::atan2>},
    {"copysign", 2, two<std::copysign>},
    {"drem", 2, two<std::remainder>},
    {"remainder", 2, two<std::remainder>},
    {"fdim", 2, two<std::fdim>},
    {"fmax", 2, two<std::fmax>},
    {"fmin", 2, two<std::fmin>},
    {"fmod", 2, two<std::fmod>},
    {"hypot", 2, two<std::hypot>},
    {"nextafter", 2, two<std::nextafter>},
    {"nexttoward", 2, two<next_toward>},
    {"ldexp", 2, ldexp_of},
    {"scalb", 2, two<scaled>},
    {"scalbln", 2, two<scaled_by_integer>},
    {"fma", 3, fma_of},
    {"infinite", 0, infinite},
    {"nan", 0, nan_value},
    {"isinfinite", 0, isinfinite},
    {"isnan", 0, isnan_of},
    {"isnormal", 0, isnormal_of},
};

}  // namespace

std::span<const Native> natives_of_numbers() {
  return kNatives;
}

}  // namespace baton::json::jq
