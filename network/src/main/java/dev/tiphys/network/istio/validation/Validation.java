package dev.tiphys.network.istio.validation;

import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// What is wrong with an object, and what is odd about it.
///
/// @param errors for which it is refused
/// @param warnings that its writer is told
public record Validation(List<String> errors, List<String> warnings) {

  /// The webhook in whose name objects are refused.
  public static final String WEBHOOK = "validation.istio.io";

  public Validation {
    errors = List.copyOf(errors);
    warnings = List.copyOf(warnings);
  }

  /// @param object of one of the kinds that are served
  public static Validation of(Struct object) {
    Findings findings = new Findings();
    Struct spec = object.struct("spec");
    switch (object.string("kind")) {
      case "VirtualService" -> checkVirtualService(spec, findings);
      case "DestinationRule" -> checkDestinationRule(spec, findings);
      case "Gateway" -> GatewayRules.check(spec, findings);
      case "ServiceEntry" -> checkServiceEntry(spec, findings);
      default -> {} // none of ours
    }
    findings.exports(
        spec.strings("exportTo"),
        Meta.of(object).namespace(),
        object.string("kind").equals("ServiceEntry"));
    return new Validation(findings.errors(), findings.warnings());
  }

  /// What the refused writer is told; empty if nothing speaks against the object.
  public String refusal() {
    return errors.isEmpty() ? "" : "configuration is invalid: " + message();
  }

  /// All errors as one text; empty if there are none.
  String message() {
    if (errors.size() < 2) {
      return String.join("", errors);
    }
    StringBuilder all = new StringBuilder(errors.size() + " errors occurred:\n");
    errors.forEach(each -> all.append("\t* ").append(each).append('\n'));
    return all.append('\n').toString();
  }

  private static void checkVirtualService(Struct spec, Findings findings) {
    List<String> hosts = spec.strings("hosts");
    List<String> gateways = spec.strings("gateways");
    boolean delegate = hosts.isEmpty();
    boolean mesh = gateways.isEmpty() || gateways.contains("mesh");
    if (delegate && !gateways.isEmpty()) {
      findings.error("delegate virtual service must have no gateways specified");
    }
    if (delegate && spec.structs("http").isEmpty()) {
      findings.error("virtual service must have at least one host");
    }
    Set<String> seen = new HashSet<>();
    for (String host : hosts) {
      checkHost(host, mesh, findings);
      if (!seen.add(host)) {
        findings.error("duplicate hosts in virtual service: %s", host);
      }
    }
    List<Struct> routes = spec.structs("http");
    if (routes.isEmpty() && spec.structs("tcp").isEmpty() && spec.structs("tls").isEmpty()) {
      findings.error("http, tcp or tls must be provided in virtual service");
    }
    for (int i = 0; i < routes.size(); i++) {
      HttpRouteRules.check(routes.get(i), delegate, findings);
      if (i < routes.size() - 1 && routes.get(i).structs("match").isEmpty()) {
        findings.warn(
            "virtualService rule %s not used (only the last rule can have no matches)",
            routes.get(i).string("name").isEmpty() ? "#" + i : routes.get(i).string("name"));
      }
    }
    spec.structs("tls").forEach(route -> StreamRouteRules.checkTls(route, hosts, findings));
    spec.structs("tcp").forEach(route -> StreamRouteRules.checkTcp(route, findings));
  }

  private static void checkHost(String host, boolean mesh, Findings findings) {
    if (host.equals("*")) {
      if (mesh) {
        findings.error(
            "wildcard host * is not allowed for virtual services bound to the mesh gateway");
      }
    } else if (!host.matches("(\\*\\.)?[A-Za-z0-9_]([-A-Za-z0-9_.:]*[A-Za-z0-9_])?")) {
      findings.error("domain name \"%s\" invalid", host);
    }
  }

  private static void checkDestinationRule(Struct spec, Findings findings) {
    if (spec.string("host").isEmpty()) {
      findings.error("destination rule must have a host");
    }
    Set<String> seen = new HashSet<>();
    for (Struct subset : spec.structs("subsets")) {
      String name = subset.string("name");
      if (name.isEmpty()) {
        findings.error("subset name cannot be empty");
      } else if (!seen.add(name)) {
        findings.error("duplicate subset names: %s", name);
      }
    }
  }

  private static void checkServiceEntry(Struct spec, Findings findings) {
    if (spec.strings("hosts").isEmpty()) {
      findings.error("service entry must have at least one host");
    }
    for (Struct port : spec.structs("ports")) {
      findings.port(port.integer("number"));
    }
  }
}
