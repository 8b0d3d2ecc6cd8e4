package dev.tiphys.network.router.table;

import java.util.Locale;

/// The name under which a host is asked for.
public sealed interface HostName {

  /// One name.
  ///
  /// @param name in lower case
  record Exact(String name) implements HostName {}

  /// All names one label below a domain, as an Ingress means it.
  ///
  /// @param suffix in lower case, with the dot it begins with
  record OneLabel(String suffix) implements HostName {}

  /// All names below a domain, at any depth, not the domain itself.
  ///
  /// @param suffix in lower case, with the dot it begins with
  record Wildcard(String suffix) implements HostName {}

  /// Any name that no other host has.
  record Any() implements HostName {}

  /// @param text `name`, `*.domain`, or `*` or nothing for any
  static HostName of(String text) {
    String name = text.toLowerCase(Locale.ROOT);
    if (name.isEmpty() || name.equals("*")) {
      return new Any();
    }
    return name.startsWith("*.") ? new Wildcard(name.substring(1)) : new Exact(name);
  }
}
