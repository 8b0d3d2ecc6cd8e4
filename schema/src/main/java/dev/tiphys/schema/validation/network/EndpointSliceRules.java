package dev.tiphys.schema.validation.network;

import dev.tiphys.object.IpAddress;
import dev.tiphys.object.Struct;
import dev.tiphys.schema.validation.AddressRules;
import dev.tiphys.schema.validation.Equality;
import dev.tiphys.schema.validation.FieldValue;
import dev.tiphys.schema.validation.Format;
import dev.tiphys.schema.validation.Formats;
import dev.tiphys.schema.validation.SelectorRules;
import dev.tiphys.schema.validation.pod.ContainerRules;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Rules for EndpointSlices.
public final class EndpointSliceRules {

  private static final List<String> TYPES = List.of("FQDN", "IPv4", "IPv6");
  private static final int MOST_PORTS = 20_000;
  private static final int MOST_ENDPOINTS = 1000;
  private static final int MOST_ADDRESSES = 100;
  private static final int MOST_LABELS = 16;
  private static final int MOST_HINTS = 8;

  private EndpointSliceRules() {}

  public static void create(FieldValue slice) {
    head(slice);
    endpoints(slice);
  }

  /// Endpoints that were let through before may stay.
  public static void update(FieldValue now, Struct before) {
    head(now);
    if (!Equality.same(now.at("endpoints").value(), before.get("endpoints"))) {
      endpoints(now);
    }
    now.at("addressType").mustEqual(before.get("addressType"));
  }

  private static void head(FieldValue slice) {
    slice.at("addressType").mustBeSetToOneOf(TYPES);
    FieldValue ports = slice.at("ports");
    if (!ports.mustHaveAtMost(MOST_PORTS)) {
      return;
    }
    Set<Object> names = new HashSet<>();
    for (FieldValue port : ports.items()) {
      FieldValue name = port.at("name");
      name.mayBe(Formats::dnsLabel);
      name.holding(name.string()).mustBeNewIn(names);
      FieldValue protocol = port.at("protocol");
      if (protocol.isSet()) {
        protocol.mustBeOneOf(ContainerRules.PROTOCOLS);
      } else {
        protocol.required();
      }
      if (port.at("appProtocol").isSet()) {
        port.at("appProtocol").mustBe(Formats::labelKey);
      }
    }
  }

  private static void endpoints(FieldValue slice) {
    FieldValue endpoints = slice.at("endpoints");
    if (!endpoints.mustHaveAtMost(MOST_ENDPOINTS)) {
      return;
    }
    for (FieldValue endpoint : endpoints.items()) {
      addresses(endpoint.at("addresses"), slice.at("addressType").string());
      if (endpoint.at("nodeName").isSet()) {
        endpoint.at("nodeName").mustBe(Formats::dnsSubdomain);
      }
      endpoint.at("deprecatedTopology").mustHaveAtMost(MOST_LABELS);
      SelectorRules.labels(endpoint.at("deprecatedTopology"));
      if (endpoint.at("hostname").isSet()) {
        endpoint.at("hostname").mustBe(Formats::dnsLabel);
      }
      hints(endpoint.at("hints"));
    }
  }

  private static void addresses(FieldValue addresses, String type) {
    if (addresses.mustBeSet("must contain at least 1 address")) {
      addresses.mustHaveAtMost(MOST_ADDRESSES);
    }
    for (FieldValue address : addresses.items()) {
      switch (type) {
        case "IPv4" -> {
          if (AddressRules.address(address)) {
            ofFamily(addresses, address, 4);
          }
        }
        case "IPv6" -> {
          if (AddressRules.canonicalAddress(address)) {
            ofFamily(addresses, address, 6);
          }
        }
        case "FQDN" -> hostName(address);
        default -> {}
      }
    }
  }

  /// Upstream's error about the family leaves out which of the addresses is meant.
  private static void ofFamily(FieldValue addresses, FieldValue address, int family) {
    if (IpAddress.of(address.string()).family() != family) {
      addresses.invalid(address.string(), "must be an IPv" + family + " address");
    }
    AddressRules.ordinaryAddress(address);
  }

  private static void hostName(FieldValue address) {
    if (!address.mustBeSet()) {
      return;
    }
    String text = address.string();
    String name = text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
    if (!address.holding(name).mustBe(Formats.joined(Formats::dnsSubdomain))) {
      return;
    }
    if (name.indexOf('.') < 0) {
      address
          .holding(name)
          .invalid("should be a domain with at least two segments separated by dots");
      return;
    }
    for (String label : name.split("\\.")) {
      if (!address.holding(label).mustBe(Formats.joined(Formats::dnsLabel))) {
        return;
      }
    }
  }

  private static void hints(FieldValue hints) {
    if (!hints.at("forZones").mustHaveAtMost(MOST_HINTS)) {
      return;
    }
    names(hints.at("forZones"), Formats::labelValue);
    if (hints.at("forNodes").mustHaveAtMost(MOST_HINTS)) {
      names(hints.at("forNodes"), Formats::dnsSubdomain);
    }
  }

  private static void names(FieldValue list, Format format) {
    Set<Object> seen = new HashSet<>();
    for (FieldValue element : list.items()) {
      FieldValue name = element.at("name");
      name.mustBeNewIn(seen);
      name.mustBe(format);
    }
  }
}
