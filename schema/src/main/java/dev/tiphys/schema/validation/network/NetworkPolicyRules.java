package dev.tiphys.schema.validation.network;

import dev.tiphys.object.IpRange;
import dev.tiphys.object.Struct;
import dev.tiphys.schema.validation.AddressRules;
import dev.tiphys.schema.validation.FieldValue;
import dev.tiphys.schema.validation.Formats;
import dev.tiphys.schema.validation.SelectorRules;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Rules for NetworkPolicies.
public final class NetworkPolicyRules {

  private static final List<String> TYPES = List.of("Ingress", "Egress");
  private static final List<String> PROTOCOLS = List.of("TCP", "UDP", "SCTP");

  /// The directions, and what the other side is called in each.
  private static final List<Map.Entry<String, String>> SIDES =
      List.of(Map.entry("ingress", "from"), Map.entry("egress", "to"));

  private NetworkPolicyRules() {}

  public static void create(FieldValue policy) {
    spec(policy.at("spec"), List.of());
  }

  public static void update(FieldValue now, Struct before) {
    List<String> kept = new ArrayList<>();
    for (Map.Entry<String, String> side : SIDES) {
      for (Struct rule : before.structs("spec", side.getKey())) {
        for (Struct peer : rule.structs(side.getValue())) {
          if (peer.has("ipBlock")) {
            kept.add(peer.string("ipBlock", "cidr"));
            peer.list("ipBlock", "except").forEach(range -> kept.add(range.toString()));
          }
        }
      }
    }
    spec(now.at("spec"), kept);
  }

  private static void spec(FieldValue spec, List<String> kept) {
    SelectorRules.selector(spec.at("podSelector"));
    for (Map.Entry<String, String> side : SIDES) {
      for (FieldValue rule : spec.at(side.getKey()).items()) {
        rule.at("ports").items().forEach(NetworkPolicyRules::port);
        for (FieldValue peer : rule.at(side.getValue()).items()) {
          peer(peer, kept);
        }
      }
    }
    FieldValue types = spec.at("policyTypes");
    if (types.list().size() > TYPES.size()) {
      types.invalid("may not specify more than two policyTypes");
      return;
    }
    for (FieldValue type : types.items()) {
      type.mustBeOneOf(TYPES);
    }
  }

  private static void port(FieldValue value) {
    value.at("protocol").mayBeOneOf(PROTOCOLS);
    FieldValue port = value.at("port");
    FieldValue end = value.at("endPort");
    if (port.value() instanceof String) {
      if (end.isSet()) {
        end.invalid("may not be specified when `port` is non-numeric");
      }
      port.mustBe(Formats::portName);
    } else if (port.isSet()) {
      port.mustBePort();
      if (end.isSet()) {
        if (end.integer() < port.integer()) {
          end.invalid(port.integer(), "must be greater than or equal to `port`");
        }
        end.mustBePort();
      }
    } else if (end.isSet()) {
      end.invalid("may not be specified when `port` is not specified");
    }
  }

  private static void peer(FieldValue peer, List<String> kept) {
    FieldValue block = peer.at("ipBlock");
    boolean selects = peer.at("podSelector").isSet() || peer.at("namespaceSelector").isSet();
    SelectorRules.selector(peer.at("podSelector"));
    SelectorRules.selector(peer.at("namespaceSelector"));
    if (block.isSet()) {
      block(block, kept);
      if (selects) {
        peer.forbidden("may not specify both ipBlock and another peer");
      }
    } else if (!selects) {
      peer.required("must specify a peer");
    }
  }

  private static void block(FieldValue block, List<String> kept) {
    FieldValue range = block.at("cidr");
    if (!range.mustBeSet()) {
      return;
    }
    AddressRules.range(range, kept);
    IpRange whole = IpRange.parse(range.string());
    if (whole == null) {
      return;
    }
    for (FieldValue except : block.at("except").items()) {
      AddressRules.range(except, kept);
      IpRange part = IpRange.parse(except.string());
      if (part != null && !whole.strictlyContains(part)) {
        except.invalid("must be a strict subset of `cidr`");
      }
    }
  }
}
