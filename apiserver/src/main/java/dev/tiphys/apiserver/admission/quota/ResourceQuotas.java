package dev.tiphys.apiserver.admission.quota;

import dev.tiphys.apiserver.admission.Admission;
import dev.tiphys.apiserver.admission.Lookup;
import dev.tiphys.apiserver.registry.Change;
import dev.tiphys.apiserver.registry.Registry;
import dev.tiphys.apiserver.request.Call;
import dev.tiphys.apiserver.request.UserInfo;
import dev.tiphys.object.Quantity;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.Reason;
import dev.tiphys.schema.quota.Amounts;
import dev.tiphys.schema.quota.Evaluator;
import dev.tiphys.schema.quota.Evaluators;
import dev.tiphys.world.World;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A namespace uses no more than its quotas allow: upstream's plugin ResourceQuota.
///
/// What a write adds is charged to the status of each quota before the write is done, in exchange
/// for the state that it was computed from. So writers that race for the last of something get it
/// one by one, and what they have together never exceeds the quota. A charge for a write that then
/// fails is given back by the controller that counts.
///
/// Costs a look at the quotas of the namespace; where there is one, a write for each.
public final class ResourceQuotas implements Admission {

  private final World world;
  private final Lookup lookup;
  private final Supplier<Registry> quotas;
  private final List<LimitedResource> limits;

  /// @param quotas where the usage is written
  /// @param limits what may only be used where a quota covers it
  public ResourceQuotas(
      World world, Lookup lookup, Supplier<Registry> quotas, List<LimitedResource> limits) {
    this.world = world;
    this.lookup = lookup;
    this.quotas = quotas;
    this.limits = List.copyOf(limits);
  }

  @Override
  public void validate(Request request, Struct object, @Nullable Struct old) {
    boolean creates = request.operation() == Operation.CREATE;
    boolean writes = creates || request.operation() == Operation.UPDATE;
    String groupResource = request.resource().groupResource();
    if (!writes || request.namespace().isEmpty() || Evaluators.ignores(groupResource)) {
      return;
    }
    Evaluator evaluator = Evaluators.of(groupResource);
    if (!evaluator.counts(creates, request.subresource())) {
      return;
    }
    List<Struct> present =
        lookup.list("", "resourcequotas", request.namespace()).stream()
            .sorted(Comparator.comparing(quota -> Meta.of(quota).name()))
            .toList();
    Charge charge = new Charge(request, object, old, evaluator, world.now());
    List<Struct> charged = new ArrayList<>();
    for (Struct quota : present) {
      if (!charge.on(quota).isEmpty()) {
        charged.add(quota);
      }
    }
    if (!limits.isEmpty()) {
      charge.checkCovered(present, limits);
    }
    if (!request.call().dryRun()) {
      write(charge, charged);
    }
  }

  /// Charges all quotas, or none: what another writer took meanwhile may be missing in the last.
  private void write(Charge charge, List<Struct> charged) {
    for (int i = 0; i < charged.size(); i++) {
      try {
        change(charged.get(i), quota -> added(quota, charge.on(quota)));
      } catch (ApiException e) {
        for (Struct paid : charged.subList(0, i)) {
          change(paid, quota -> withUsed(quota, less(quota, charge.on(paid))));
        }
        throw e;
      }
    }
  }

  private static Struct added(Struct quota, Map<String, Quantity> more) {
    return withUsed(quota, Amounts.plus(used(quota), more));
  }

  private static Map<String, Quantity> less(Struct quota, Map<String, Quantity> back) {
    Map<String, Quantity> used = used(quota);
    back.forEach(
        (name, amount) ->
            used.computeIfPresent(
                name,
                (_, before) -> {
                  Quantity rest = before.minus(amount);
                  return rest.isNegative() ? Quantity.ZERO : rest;
                }));
    return used;
  }

  private static Map<String, Quantity> used(Struct quota) {
    return Amounts.of(quota.struct("status", "used"));
  }

  private static Struct withUsed(Struct quota, Map<String, Quantity> used) {
    return quota
        .withoutAt("metadata", "resourceVersion")
        .withAt(Amounts.struct(used), "status", "used");
  }

  /// Changes the status of a quota, of whatever state it is in by then. One that is gone limits
  /// nothing.
  private void change(Struct quota, Change change) {
    Meta meta = Meta.of(quota);
    Call own =
        new Call(
            UserInfo.of("system:apiserver", UserInfo.MASTERS, UserInfo.AUTHENTICATED),
            "kube-apiserver",
            0,
            false);
    try {
      quotas.get().updateStatus(own, meta.namespace(), meta.name(), Change.unconditional(change));
    } catch (ApiException e) {
      if (!e.is(Reason.NOT_FOUND)) {
        throw e;
      }
    }
  }
}
