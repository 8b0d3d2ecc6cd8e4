package dev.tiphys.schema.validation.custom;

import dev.tiphys.cel.Environment;
import dev.tiphys.cel.NamedFormat;
import dev.tiphys.schema.validation.Format;
import dev.tiphys.schema.validation.Formats;
import java.util.List;
import java.util.function.Predicate;

/// Kubernetes' environment of expressions. Loaded when the first expression is met.
public final class Expressions {

  /// What one evaluation may cost.
  public static final long PER_CALL = 1_000_000;

  /// What the rules of an object may cost together.
  public static final long PER_OBJECT = 10_000_000;

  private static final Environment ENVIRONMENT =
      Environment.of(
          List.of(
              named("dns1123Label", 30, Formats::dnsLabel),
              named("dns1123Subdomain", 60, Formats::dnsSubdomain),
              named("dns1035Label", 30, Formats::dns1035Label),
              named("qualifiedName", 60, Formats::labelKey),
              named("dns1123LabelPrefix", 30, prefix(Formats::dnsLabel)),
              named("dns1123SubdomainPrefix", 60, prefix(Formats::dnsSubdomain)),
              named("dns1035LabelPrefix", 30, prefix(Formats::dns1035Label)),
              named("labelValue", 40, Formats::labelValue),
              known("uri", 500, "invalid URI for request"),
              known("uuid", 84, "does not match the UUID format"),
              known("byte", 84, "invalid base64"),
              known("date", 89, "invalid date"),
              known("datetime", 89, "invalid datetime")));

  private Expressions() {}

  /// Kubernetes' functions, and no variables.
  public static Environment environment() {
    return ENVIRONMENT;
  }

  private static NamedFormat named(String name, long size, Format format) {
    return new NamedFormat(name, size, format::problems);
  }

  /// A dash at the end of a prefix is fine, since something will follow it.
  private static Format prefix(Format format) {
    return text ->
        format.problems(
            text.length() > 1 && text.endsWith("-")
                ? text.substring(0, text.length() - 2) + "a"
                : text);
  }

  private static NamedFormat known(String name, long size, String problem) {
    Predicate<String> test = text -> TextFormats.isValid(name, text);
    return new NamedFormat(name, size, text -> test.test(text) ? List.of() : List.of(problem));
  }
}
