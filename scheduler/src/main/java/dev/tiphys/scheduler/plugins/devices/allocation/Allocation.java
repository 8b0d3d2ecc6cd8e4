package dev.tiphys.scheduler.plugins.devices.allocation;

import dev.tiphys.object.Quantity;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.api.Meta;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/// What a claim is given, as its status tells it. Pure.
///
/// @param picks its devices
/// @param node where it is given them
record Allocation(DeviceClaim claim, List<Pick> picks, String node) {

  /// @param uids makes names for shares of devices
  Struct result(Supplier<String> uids) {
    StructBuilder devices = new StructBuilder();
    devices.addUnlessEmpty("config", configurations());
    devices.addUnlessEmpty("results", picks.stream().map(pick -> result(pick, uids)).toList());
    return new StructBuilder()
        .add("devices", devices.build())
        .addUnlessEmpty("nodeSelector", nodeSelector())
        .build();
  }

  private static Struct result(Pick pick, Supplier<String> uids) {
    Device device = pick.device();
    StructBuilder result = new StructBuilder();
    if (pick.request().adminAccess()) {
      result.add("adminAccess", true);
    }
    result.addUnlessEmpty("bindingConditions", device.bindingConditions());
    result.addUnlessEmpty("bindingFailureConditions", device.bindingFailureConditions());
    if (device.isShared()) {
      result.addUnlessEmpty("consumedCapacity", amounts(pick.consumed()));
      result.add("shareID", uids.get());
    }
    return result
        .add("device", device.id().device())
        .add("driver", device.id().driver())
        .add("pool", device.id().pool())
        .add("request", pick.request().fullName())
        .addUnlessEmpty("tolerations", pick.request().tolerations())
        .build();
  }

  private static Struct amounts(Map<String, Quantity> consumed) {
    StructBuilder amounts = new StructBuilder();
    consumed.forEach((name, amount) -> amounts.add(name, amount.toString()));
    return amounts.build();
  }

  /// The ways in which the requests were satisfied, in the order of the requests.
  private List<DeviceRequest> chosen() {
    return picks.stream().map(Pick::request).distinct().toList();
  }

  private List<Struct> configurations() {
    List<Struct> all = new ArrayList<>();
    Map<String, List<DeviceRequest>> byClass = new LinkedHashMap<>();
    for (DeviceRequest request : chosen()) {
      byClass
          .computeIfAbsent(Meta.of(request.deviceClass()).name(), _ -> new ArrayList<>())
          .add(request);
    }
    byClass
        .values()
        .forEach(
            requests -> {
              List<String> names = requests.stream().map(DeviceRequest::fullName).toList();
              Struct deviceClass = requests.getFirst().deviceClass();
              for (Struct config : deviceClass.structs("spec", "config")) {
                all.add(configuration("FromClass", names, config));
              }
            });
    for (Struct config : claim.object().structs("spec", "devices", "config")) {
      List<String> names = config.strings("requests");
      if (names.isEmpty()) {
        all.add(configuration("FromClaim", names, config));
      } else {
        chosen().stream()
            .filter(request -> request.isIn(names))
            .forEach(_ -> all.add(configuration("FromClaim", names, config)));
      }
    }
    return all;
  }

  /// @param requests what it is for; all if that is said of as many as there are
  private Struct configuration(String source, List<String> requests, Struct config) {
    boolean forAll = requests.size() == claim.requests().size();
    return config
        .without("requests")
        .with("source", source)
        .with("requests", forAll ? List.of() : requests);
  }

  /// The nodes that can use the devices; empty if all can.
  private Struct nodeSelector() {
    List<Struct> labels = new ArrayList<>();
    List<Struct> fields = new ArrayList<>();
    for (Pick pick : picks) {
      Reach reach = pick.device().reach();
      if (!reach.node().isEmpty() || pick.device().bindsToNode()) {
        Struct own = Struct.of("key", "metadata.name", "operator", "In", "values", List.of(node));
        return terms(Struct.of("matchFields", List.of(own)));
      }
      for (Struct term : reach.selector().structs("nodeSelectorTerms")) {
        addNew(term.structs("matchExpressions"), labels);
        addNew(term.structs("matchFields"), fields);
      }
    }
    Struct term =
        new StructBuilder()
            .addUnlessEmpty("matchExpressions", labels)
            .addUnlessEmpty("matchFields", fields)
            .build();
    return term.isEmpty() ? Struct.EMPTY : terms(term);
  }

  private static Struct terms(Struct term) {
    return Struct.of("nodeSelectorTerms", List.of(term));
  }

  private static void addNew(List<Struct> requirements, List<Struct> all) {
    for (Struct requirement : requirements) {
      if (all.stream().noneMatch(known -> isSame(known, requirement))) {
        all.add(requirement);
      }
    }
  }

  private static boolean isSame(Struct one, Struct other) {
    Set<String> values = new HashSet<>(one.strings("values"));
    return one.string("key").equals(other.string("key"))
        && one.string("operator").equals(other.string("operator"))
        && values.equals(new HashSet<>(other.strings("values")));
  }
}
