package dev.tiphys.controllers.quota;

import dev.tiphys.object.Quantity;
import dev.tiphys.object.Struct;
import dev.tiphys.schema.quota.Amounts;
import dev.tiphys.schema.quota.Evaluator;
import dev.tiphys.schema.quota.Scope;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What a quota's status says, from what there is.
///
/// @param quota the quota
/// @param counted what was found to be used so far
record Usage(Struct quota, Map<String, Quantity> counted) {

  /// Nothing is counted yet.
  Usage(Struct quota) {
    this(quota, new TreeMap<>());
  }

  Map<String, Quantity> hard() {
    return Amounts.of(quota.struct("spec", "hard"));
  }

  /// Adds the objects of one resource in the quota's namespace.
  void add(Evaluator evaluator, Collection<Struct> objects, Instant now) {
    List<String> names = evaluator.matching(hard().keySet());
    List<Scope> scopes = Scope.all(quota.struct("spec"));
    names.forEach(name -> counted.putIfAbsent(name, Quantity.ZERO));
    for (Struct object : objects) {
      if (scopes.stream().allMatch(scope -> evaluator.matches(scope, object))) {
        Amounts.only(evaluator.usage(object, now), names)
            .forEach((name, amount) -> counted.merge(name, amount, Quantity::plus));
      }
    }
  }

  /// The quota with its next status. What was charged stays charged for as long as its object may
  /// be missing in the count.
  Struct next(Map<String, Quantity> inFlight) {
    Map<String, Quantity> charged = Amounts.of(quota.struct("status", "used"));
    Map<String, Quantity> used = new TreeMap<>();
    counted.forEach(
        (name, amount) -> {
          Quantity before = charged.getOrDefault(name, Quantity.ZERO);
          Quantity most = amount.plus(inFlight.getOrDefault(name, Quantity.ZERO));
          Quantity kept = before.compareTo(most) < 0 ? before : most;
          used.put(name, kept.compareTo(amount) > 0 ? kept : amount);
        });
    return quota
        .withAt(quota.struct("spec", "hard"), "status", "hard")
        .withAt(Amounts.struct(used), "status", "used");
  }
}
