package dev.tiphys.schema.validation.network;

import dev.tiphys.object.Struct;
import dev.tiphys.schema.validation.AddressRules;
import dev.tiphys.schema.validation.Equality;
import dev.tiphys.schema.validation.FieldValue;
import dev.tiphys.schema.validation.Formats;
import dev.tiphys.schema.validation.pod.ContainerRules;
import java.util.List;

/// Rules for Endpoints.
public final class EndpointsRules {

  private EndpointsRules() {}

  public static void create(FieldValue endpoints) {
    for (FieldValue subset : endpoints.at("subsets").items()) {
      if (subset.at("addresses").isEmpty() && subset.at("notReadyAddresses").isEmpty()) {
        subset.required("must specify `addresses` or `notReadyAddresses`");
      }
      for (String list : List.of("addresses", "notReadyAddresses")) {
        subset.at(list).items().forEach(EndpointsRules::address);
      }
      boolean several = subset.at("ports").list().size() > 1;
      for (FieldValue port : subset.at("ports").items()) {
        port(port, several);
      }
    }
  }

  /// What was let through before may stay.
  public static void update(FieldValue now, Struct before) {
    if (!Equality.same(now.at("subsets").value(), before.get("subsets"))) {
      create(now);
    }
  }

  private static void address(FieldValue address) {
    AddressRules.address(address.at("ip"));
    address.at("hostname").mayBe(Formats::dnsLabel);
    if (address.at("nodeName").isSet()) {
      address.at("nodeName").mustBe(Formats::dnsSubdomain);
    }
    AddressRules.ordinaryAddress(address.at("ip"));
  }

  private static void port(FieldValue port, boolean several) {
    if (several || !port.at("name").isEmpty()) {
      port.at("name").mustBeSetAnd(Formats::dnsLabel);
    }
    port.at("port").mustBePort();
    port.at("protocol").mustBeSetToOneOf(ContainerRules.PROTOCOLS);
    if (port.at("appProtocol").isSet()) {
      port.at("appProtocol").mustBe(Formats::labelKey);
    }
  }
}
