package dev.tiphys.pki;

import java.util.List;

/// Whom a certificate speaks of.
///
/// @param name the common name: for a client its user name
/// @param organizations for a client its groups
/// @param hosts the names and addresses that a server answers under; empty for a client
public record Subject(String name, List<String> organizations, List<String> hosts) {

  public Subject {
    organizations = List.copyOf(organizations);
    hosts = List.copyOf(hosts);
  }

  public static Subject client(String name, String... groups) {
    return new Subject(name, List.of(groups), List.of());
  }

  public static Subject server(String name, List<String> hosts) {
    return new Subject(name, List.of(), hosts);
  }
}
