package dev.tiphys.schema.validation.cluster;

import dev.tiphys.object.Struct;
import dev.tiphys.schema.validation.AddressRules;
import dev.tiphys.schema.validation.FieldValue;
import dev.tiphys.schema.validation.Formats;
import dev.tiphys.schema.validation.GoText;
import dev.tiphys.schema.validation.ResourceNames;
import dev.tiphys.schema.validation.SchedulingRules;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/// Rules for Nodes.
public final class NodeRules {

  private static final String CORE = "io.k8s.api.core.v1.";
  private static final String FIXED = "node updates may not change %s except from \"\" to valid";
  private static final Pattern FEATURE =
      Pattern.compile("[A-Z][a-zA-Z0-9]*(/[a-zA-Z][a-zA-Z0-9]*)*");
  private static final int LONGEST_FEATURE = 253;

  private NodeRules() {}

  public static void create(FieldValue node) {
    taints(node);
    resources(node);
    FieldValue swap = node.at("status", "nodeInfo").at("swap", "capacity");
    if (swap.isSet() && swap.integer() <= 0) {
      node.at("metadata", "nodeSwapStatus")
          .at("capacity")
          .invalid(swap.value(), "must be greater than zero");
    }
    features(node.at("status", "declaredFeatures"));
    podRanges(node.at("spec", "podCIDRs"));
  }

  public static void update(FieldValue now, Struct before) {
    create(now);
    changes(now, before);
  }

  /// What may change of a node, by way of itself and of its status alike.
  public static void changes(FieldValue now, Struct before) {
    resources(now);
    features(now.at("status", "declaredFeatures"));
    uniqueAddresses(now.at("status", "addresses"));
    FieldValue spec = now.at("spec");
    Struct old = before.struct("spec");
    rangesStay(spec.at("podCIDRs"), old.list("podCIDRs"));
    if (!old.string("providerID").isEmpty()
        && !spec.at("providerID").is(old.string("providerID"))) {
      spec.at("providerID").forbidden(FIXED.formatted("providerID"));
    }
    configuration(now);
    taints(now);
    if (!spec.at("externalID").string().equals(old.string("externalID"))) {
      spec.at("externalID").forbidden("may not be updated");
    }
  }

  /// Upstream tells errors of taints as if they were in the metadata.
  private static void taints(FieldValue node) {
    FieldValue taints = node.at("metadata", "taints").holding(node.at("spec", "taints").value());
    Set<String> seen = new HashSet<>();
    for (FieldValue taint : taints.items()) {
      taint.at("key").mustBe(Formats::labelKey);
      List<String> problems = Formats.labelValue(taint.at("value").string());
      if (!problems.isEmpty()) {
        taint.at("value").invalid(String.join(";", problems));
      }
      taint.at("effect").mustBeSetToOneOf(SchedulingRules.TAINT_EFFECTS);
      if (!seen.add(taint.at("key").string() + " " + taint.at("effect").string())) {
        taint.duplicateText(
            GoText.struct(taint.value(), CORE + "Taint"),
            "taints must be unique by key and effect pair");
      }
    }
  }

  /// Upstream's paths join the names of resources with dots.
  private static void resources(FieldValue node) {
    for (String field : List.of("capacity", "allocatable")) {
      FieldValue amounts = node.at("status", field);
      for (FieldValue amount : amounts.entries()) {
        ResourceNames.amount(amounts.at(amount.name()), amount.name());
      }
    }
  }

  private static void features(FieldValue features) {
    String previous = "";
    boolean first = true;
    for (FieldValue feature : features.items()) {
      String name = feature.string();
      if (!first && name.equals(previous)) {
        feature.duplicate();
      } else if (!first && name.compareTo(previous) < 0) {
        feature.invalid("list must be sorted alphabetically");
      }
      String quoted = "invalid feature name " + GoText.quoted(name);
      if (name.length() > LONGEST_FEATURE) {
        feature.invalid(quoted + ": must be no more than 253 characters");
      } else if (!FEATURE.matcher(name).matches()) {
        feature.invalid(
            quoted
                + ": must start with an UpperCamelCase segment, with subsequent segments separated"
                + " by '/' (e.g., MyFeature or MyFeature/mySubFeature), and contain only"
                + " alphanumeric characters and slashes");
      }
      previous = name;
      first = false;
    }
  }

  private static void podRanges(FieldValue ranges) {
    ranges.items().forEach(AddressRules::range);
    List<String> all = ranges.list().stream().map(Object::toString).toList();
    if (all.size() > 1 && !AddressRules.areRangesOfEach(all)) {
      ranges.invalid("may specify no more than one CIDR for each IP family");
    }
    Set<Object> seen = new HashSet<>();
    ranges.items().forEach(range -> range.mustBeNewIn(seen));
  }

  private static void rangesStay(FieldValue ranges, List<?> old) {
    if (old.isEmpty()) {
      return;
    }
    if (old.size() != ranges.list().size()) {
      ranges.forbidden(FIXED.formatted("podCIDR"));
      return;
    }
    for (int i = 0; i < old.size(); i++) {
      if (!old.get(i).equals(ranges.list().get(i))) {
        ranges.forbidden(FIXED.formatted("podCIDR"));
      }
    }
  }

  private static void uniqueAddresses(FieldValue addresses) {
    Set<Object> seen = new HashSet<>();
    for (FieldValue address : addresses.items()) {
      if (!seen.add(address.struct())) {
        address.duplicateText(GoText.struct(address.value(), CORE + "NodeAddress"));
      }
    }
  }

  private static void configuration(FieldValue node) {
    FieldValue source = node.at("spec", "configSource");
    if (source.isSet()) {
      FieldValue map = source.at("configMap");
      if (!map.at("uid").isEmpty()) {
        map.at("uid").forbidden("uid must not be set in spec");
      }
      if (!map.at("resourceVersion").isEmpty()) {
        map.at("resourceVersion").forbidden("resourceVersion must not be set in spec");
      }
      configMap(source);
    }
    for (String use : List.of("assigned", "active", "lastKnownGood")) {
      FieldValue used = node.at("status", "config").at(use);
      if (used.isSet()) {
        if (used.at("configMap").isSet()) {
          used.at("configMap", "uid").mustBeSet();
          used.at("configMap", "resourceVersion").mustBeSet();
        }
        configMap(used);
      }
    }
  }

  private static void configMap(FieldValue source) {
    FieldValue map = source.at("configMap");
    if (map.isSet()) {
      map.at("namespace").mustBeSetAnd(Formats::dnsLabel);
      map.at("name").mustBeSetAnd(Formats::dnsSubdomain);
      map.at("kubeletConfigKey").mustBeSetAnd(Formats::configKey);
    } else {
      source.invalidText(
          GoText.struct(source.value(), CORE + "NodeConfigSource"),
          "exactly one reference subfield must be non-nil");
    }
  }
}
