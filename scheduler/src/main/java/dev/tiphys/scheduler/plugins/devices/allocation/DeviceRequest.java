package dev.tiphys.scheduler.plugins.devices.allocation;

import dev.tiphys.object.Quantity;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.schema.expressions.Compiled;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// One way to satisfy a request of a claim: the only one, or one of those that are tried in turn.
///
/// @param claim the claim, as messages name it
/// @param parent the request that this is an alternative of; empty if it is none
/// @param all whether all devices are wanted that suit
/// @param count how many are, if not all
/// @param capacity what is asked of a device's capacities
/// @param selectors of the class, then of the request
record DeviceRequest(
    String claim,
    String parent,
    String name,
    Struct deviceClass,
    boolean all,
    long count,
    boolean adminAccess,
    List<Struct> tolerations,
    Map<String, Quantity> capacity,
    List<Selector> selectors) {

  /// @param owner whose selector it is, for messages
  /// @param index which of the owner's it is
  record Selector(String owner, int index, Compiled expression) {}

  /// @param ask what is asked for: a request's `exactly`, or one of its alternatives
  static DeviceRequest of(
      String claim, String parent, String name, Struct ask, Struct deviceClass, Selectors known) {
    String mode = ask.string("allocationMode");
    if (!mode.equals("All") && !mode.equals("ExactCount")) {
      throw new AllocationException(
          "claim %s, request %s: unsupported count mode %s".formatted(claim, name, mode));
    }
    List<Selector> selectors = new ArrayList<>();
    selectors.addAll(
        selectors(
            "class " + Meta.of(deviceClass).name(),
            deviceClass.structs("spec", "selectors"),
            known));
    selectors.addAll(selectors("claim " + claim, ask.structs("selectors"), known));
    return new DeviceRequest(
        claim,
        parent,
        name,
        deviceClass,
        mode.equals("All"),
        ask.integer("count"),
        ask.bool("adminAccess"),
        ask.structs("tolerations"),
        amounts(ask.struct("capacity", "requests")),
        List.copyOf(selectors));
  }

  private static List<Selector> selectors(String owner, List<Struct> selectors, Selectors known) {
    List<Selector> all = new ArrayList<>();
    for (int i = 0; i < selectors.size(); i++) {
      all.add(new Selector(owner, i, known.of(selectors.get(i).string("cel", "expression"))));
    }
    return all;
  }

  private static Map<String, Quantity> amounts(Struct requests) {
    Map<String, Quantity> amounts = new HashMap<>();
    for (String name : requests.names()) {
      amounts.put(name, Quantity.from(requests.get(name)));
    }
    return Map.copyOf(amounts);
  }

  /// The name that results, constraints and configurations have for it.
  String fullName() {
    return parent.isEmpty() ? name : parent + "/" + name;
  }

  /// Whether a list of requests, where an empty one means all, has it.
  boolean isIn(List<String> requests) {
    return requests.isEmpty()
        || requests.contains(parent.isEmpty() ? name : parent)
        || requests.contains(fullName());
  }
}
