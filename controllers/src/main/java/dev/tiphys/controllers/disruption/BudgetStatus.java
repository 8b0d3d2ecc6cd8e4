package dev.tiphys.controllers.disruption;

import dev.tiphys.controllers.common.IntOrPercent;
import dev.tiphys.controllers.common.Pods;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.Timestamps;
import dev.tiphys.object.api.Meta;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What the status of a PodDisruptionBudget is to be. Pure.
///
/// @param status the new status
/// @param notDeleted Pods whose eviction was granted too long ago, and that are there still
/// @param recheck when the next such grant is too old; null if there is none
record BudgetStatus(Struct status, List<Struct> notDeleted, @Nullable Instant recheck) {

  static final String CONDITION = "DisruptionAllowed";

  /// How long after its eviction was granted a Pod is expected to be deleted.
  static final Duration DELETION = Duration.ofMinutes(2);

  BudgetStatus {
    notDeleted = List.copyOf(notDeleted);
  }

  /// How many Pods there are to be, and how many of them healthy.
  record Expectation(long pods, long healthy) {}

  /// @param pods those that the budget selects
  /// @param scale how many Pods their controllers want; not asked for unless [#needsScale]
  static Expectation expectation(Struct budget, List<Struct> pods, long scale) {
    Object most = budget.get("spec", "maxUnavailable");
    Object least = budget.get("spec", "minAvailable");
    if (budget.has("spec", "maxUnavailable")) {
      return new Expectation(scale, Math.max(0, scale - IntOrPercent.roundedUp(most, scale)));
    }
    if (least instanceof Long number) {
      return new Expectation(pods.size(), number);
    }
    return budget.has("spec", "minAvailable")
        ? new Expectation(scale, IntOrPercent.roundedUp(least, scale))
        : new Expectation(0, 0);
  }

  /// Whether the budget is about a share of the Pods that their controllers want.
  static boolean needsScale(Struct budget) {
    return budget.has("spec", "maxUnavailable")
        || budget.get("spec", "minAvailable") instanceof String;
  }

  static BudgetStatus of(Struct budget, List<Struct> pods, Expectation expected, Instant now) {
    Struct granted = budget.struct("status", "disruptedPods");
    Map<String, Struct> present = new TreeMap<>();
    for (Struct pod : pods) {
      if (!Meta.of(pod).isBeingDeleted()) {
        present.put(Meta.of(pod).name(), pod);
      }
    }
    StructBuilder disrupted = new StructBuilder();
    List<Struct> late = new ArrayList<>();
    Instant recheck = null;
    for (String name : granted.names()) {
      Struct pod = present.get(name);
      Instant since = Timestamps.of(granted.get(name));
      if (pod == null || since == null) {
        continue;
      }
      Instant due = since.plus(DELETION);
      if (due.isBefore(now)) {
        late.add(pod);
        continue;
      }
      recheck = recheck == null || due.isBefore(recheck) ? due : recheck;
      disrupted.add(name, granted.string(name));
    }
    Struct stillDisrupted = disrupted.build();
    long healthy =
        present.entrySet().stream()
            .filter(entry -> !stillDisrupted.has(entry.getKey()) && Pods.isReady(entry.getValue()))
            .count();
    long allowed = expected.pods <= 0 ? 0 : Math.max(0, healthy - expected.healthy);
    StructBuilder status =
        new StructBuilder()
            .add("observedGeneration", Meta.of(budget).generation())
            .addUnlessEmpty("disruptedPods", stillDisrupted)
            .add("disruptionsAllowed", allowed)
            .add("currentHealthy", healthy)
            .add("desiredHealthy", expected.healthy)
            .add("expectedPods", expected.pods);
    String reason = allowed > 0 ? "SufficientPods" : "InsufficientPods";
    status.add("conditions", conditions(budget, allowed > 0, reason, "", now));
    return new BudgetStatus(status.build(), late, recheck);
  }

  /// The status when it cannot be found out how many Pods may be disrupted: none may.
  static Struct failed(Struct budget, String message, Instant now) {
    return StructBuilder.from(budget.struct("status"))
        .add("disruptionsAllowed", 0L)
        .add("conditions", conditions(budget, false, "SyncFailed", message, now))
        .build();
  }

  private static List<Struct> conditions(
      Struct budget, boolean holds, String reason, String message, Instant now) {
    Struct before = Meta.condition(budget, CONDITION);
    String word = holds ? "True" : "False";
    String since =
        before != null && before.string("status").equals(word)
            ? before.string("lastTransitionTime")
            : Timestamps.seconds(now);
    boolean failed = reason.equals("SyncFailed");
    Struct condition =
        new StructBuilder()
            .add("type", CONDITION)
            .add("status", word)
            .add(
                "observedGeneration",
                failed
                    ? budget.integer("status", "observedGeneration")
                    : Meta.of(budget).generation())
            .add("lastTransitionTime", since)
            .add("reason", reason)
            .add("message", message)
            .build();
    List<Struct> conditions = new ArrayList<>();
    for (Struct other : budget.structs("status", "conditions")) {
      conditions.add(other.string("type").equals(CONDITION) ? condition : other);
    }
    if (before == null) {
      conditions.add(condition);
    }
    return conditions;
  }
}
