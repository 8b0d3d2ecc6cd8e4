package dev.tiphys.apiserver.admission.quota;

import dev.tiphys.apiserver.admission.Admission.Request;
import dev.tiphys.object.Quantity;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.Reason;
import dev.tiphys.schema.quota.Amounts;
import dev.tiphys.schema.quota.Evaluator;
import dev.tiphys.schema.quota.Scope;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// What one write costs the quotas of its namespace.
///
/// @param request the write
/// @param object as it would be stored
/// @param old its present state; null for a new one
/// @param evaluator knows what such objects use
/// @param now what has ended by then uses less
record Charge(
    Request request, Struct object, @Nullable Struct old, Evaluator evaluator, Instant now) {

  /// The names of a quota that the object counts for; none if the quota is not about it.
  List<String> names(Struct quota) {
    List<String> names = evaluator.matching(hard(quota).keySet());
    boolean covered = scopes(quota).stream().allMatch(scope -> matches(scope, object));
    return covered ? names : List.of();
  }

  /// What the write adds to a quota's usage.
  ///
  /// @throws ApiException if that does not fit
  Map<String, Quantity> on(Struct quota) {
    List<String> names = names(quota);
    if (names.isEmpty()) {
      return Map.of();
    }
    String name = Meta.of(quota).name();
    String missing = evaluator.missing(names, object);
    if (!missing.isEmpty()) {
      throw refusal("failed quota: " + name + ": must specify " + missing);
    }
    if (!quota.struct("status", "used").names().containsAll(names)) {
      throw refusal(
          "status unknown for quota: " + name + ", resources: " + String.join(",", names));
    }
    Map<String, Quantity> hard = hard(quota);
    Map<String, Quantity> used = Amounts.of(quota.struct("status", "used"));
    Map<String, Quantity> more = Amounts.only(added(quota), hard.keySet());
    Set<String> exceeded = new TreeSet<>();
    more.forEach(
        (each, amount) -> {
          Quantity sum = used.getOrDefault(each, Quantity.ZERO).plus(amount);
          if (sum.compareTo(hard.getOrDefault(each, Quantity.ZERO)) > 0) {
            exceeded.add(each);
          }
        });
    if (!exceeded.isEmpty() && !request.subresource().equals("status")) {
      throw refusal(
          "exceeded quota: %s, requested: %s, used: %s, limited: %s"
              .formatted(
                  name,
                  Amounts.text(Amounts.only(more, exceeded)),
                  Amounts.text(Amounts.only(used, exceeded)),
                  Amounts.text(Amounts.only(hard, exceeded))));
    }
    return more;
  }

  /// All that the object uses; less what it has used already, if the quota knew of that.
  private Map<String, Quantity> added(Struct quota) {
    Struct before = old;
    if (before == null || !scopes(quota).stream().allMatch(each -> matches(each, before))) {
      return Amounts.excess(usage(), Map.of());
    }
    return Amounts.excess(usage(), evaluator.usage(before, now));
  }

  private boolean matches(Scope scope, Struct state) {
    return evaluator.matches(scope, state);
  }

  private Map<String, Quantity> usage() {
    Map<String, Quantity> usage = evaluator.usage(object, now);
    List<String> negative = new ArrayList<>();
    usage.forEach(
        (name, amount) -> {
          if (amount.isNegative()) {
            negative.add(name);
          }
        });
    if (!negative.isEmpty()) {
      throw refusal("quota usage is negative for resource(s): " + String.join(",", negative));
    }
    return usage;
  }

  /// Refuses what is limited where no quota covers it.
  void checkCovered(Collection<Struct> quotas, List<LimitedResource> limits) {
    Map<String, Quantity> usage =
        Amounts.excess(usage(), old == null ? Map.of() : evaluator.usage(old, now));
    if (usage.isEmpty()) {
      return;
    }
    Set<String> uncovered = new TreeSet<>();
    Map<String, Scope> scopes = new TreeMap<>();
    for (LimitedResource limit : limits) {
      if (limit.groupResource().equals(request.resource().groupResource())) {
        uncovered.addAll(limit.limited(usage));
      }
      limit.scopes().stream()
          .filter(scope -> matches(scope, object))
          .forEach(scope -> scopes.put(scope.name(), scope));
    }
    for (Struct quota : quotas) {
      names(quota).forEach(uncovered::remove);
      scopes(quota).stream()
          .filter(scope -> matches(scope, object))
          .forEach(scope -> scopes.remove(scope.name()));
    }
    if (!uncovered.isEmpty()) {
      throw refusal("insufficient quota to consume: " + String.join(",", uncovered));
    }
    if (!scopes.isEmpty()) {
      throw ApiException.of(
          Reason.UNKNOWN,
          "insufficient quota to match these scopes: ["
              + String.join(" ", scopes.values().stream().map(Scope::toString).toList())
              + "]");
    }
  }

  private static List<Scope> scopes(Struct quota) {
    return Scope.all(quota.struct("spec"));
  }

  private static Map<String, Quantity> hard(Struct quota) {
    return Amounts.of(quota.struct("status", "hard"));
  }

  private ApiException refusal(String cause) {
    return request.forbidden(object, cause);
  }
}
