package dev.tiphys.network.istio.validation;

import dev.tiphys.network.Prefix;
import dev.tiphys.object.Struct;
import java.util.List;

/// The rules for one `tcp` or `tls` route of a VirtualService.
final class StreamRouteRules {

  private StreamRouteRules() {}

  static void checkTcp(Struct route, Findings findings) {
    route.structs("match").forEach(entry -> checkMatch(entry, findings));
    checkRoute(route, "TCP", findings);
  }

  /// @param hosts of the VirtualService
  static void checkTls(Struct route, List<String> hosts, Findings findings) {
    if (route.structs("match").isEmpty()) {
      findings.error("TLS route must have at least one match condition");
    }
    for (Struct entry : route.structs("match")) {
      List<String> names = entry.strings("sniHosts");
      if (names.isEmpty()) {
        findings.error("TLS match must have at least one SNI host");
      }
      names.forEach(name -> checkName(name, hosts, findings));
      checkMatch(entry, findings);
    }
    checkRoute(route, "TLS", findings);
  }

  private static void checkName(String name, List<String> hosts, Findings findings) {
    if (Prefix.parse(name) != null) {
      findings.warn(
          "using an IP address (\"%s\") goes against SNI spec and most clients do not support this",
          name);
    } else if (hosts.stream().noneMatch(host -> isWithin(name, host))) {
      findings.error(
          "SNI host \"%s\" is not a compatible subset of any of the virtual service hosts: [%s]",
          name, String.join(", ", hosts));
    }
  }

  /// Whether all that a name stands for is covered by a host.
  private static boolean isWithin(String name, String host) {
    return host.equals("*")
        || name.equalsIgnoreCase(host)
        || host.startsWith("*.") && name.length() > host.length() - 1 && endsWith(name, host);
  }

  private static boolean endsWith(String name, String pattern) {
    String suffix = pattern.substring(1);
    return name.regionMatches(true, name.length() - suffix.length(), suffix, 0, suffix.length());
  }

  private static void checkMatch(Struct entry, Findings findings) {
    for (String subnet : entry.strings("destinationSubnets")) {
      if (Prefix.parse(subnet) == null) {
        findings.error(
            subnet.contains("/") ? "%s is not a valid CIDR block" : "%s is not a valid IP", subnet);
      }
    }
    if (entry.integer("port") != 0) {
      findings.port(entry.integer("port"));
    }
  }

  private static void checkRoute(Struct route, String kind, Findings findings) {
    if (route.structs("route").isEmpty()) {
      findings.error("%s route is required", kind);
    }
    findings.destinations(route.structs("route"));
  }
}
