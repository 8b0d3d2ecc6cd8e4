package dev.tiphys.apiserver.fieldmanagement;

import dev.tiphys.apiserver.fieldmanagement.Owners.UnreadableException;
import dev.tiphys.object.Struct;
import dev.tiphys.object.merge.Comparison;
import dev.tiphys.object.merge.FieldSet;
import dev.tiphys.object.merge.FieldSets;
import dev.tiphys.object.merge.MergeException;
import dev.tiphys.object.merge.Merging;
import dev.tiphys.object.merge.Removing;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Keeps the record of what each manager owns, for one kind of objects and one way of writing them.
///
/// All objects that it is given are of the version of the request.
///
/// @param own the form of that version
/// @param forms the form of any version; null if that is not served
/// @param subresource by way of which objects are written; empty for the object itself
record FieldManager(
    FieldForm own, Function<String, @Nullable FieldForm> forms, String subresource) {

  /// What has no owner, since the server gives it, or since it tells which object it is.
  private static final FieldSet UNOWNED =
      FieldSet.ofFields("apiVersion")
          .union(FieldSet.ofFields("kind"))
          .union(FieldSet.ofFields("metadata"))
          .union(FieldSet.ofFields("metadata", "name"))
          .union(FieldSet.ofFields("metadata", "namespace"))
          .union(FieldSet.ofFields("metadata", "creationTimestamp"))
          .union(FieldSet.ofFields("metadata", "selfLink"))
          .union(FieldSet.ofFields("metadata", "uid"))
          .union(FieldSet.ofFields("metadata", "clusterName"))
          .union(FieldSet.ofFields("metadata", "generation"))
          .union(FieldSet.ofFields("metadata", "managedFields"))
          .union(FieldSet.ofFields("metadata", "resourceVersion"));

  /// What an apply comes to.
  ///
  /// @param object with all that is applied, and without its owners
  record Applied(Struct object, Map<Manager, Ownership> owners) {}

  /// The owners of `next`, if `manager` writes it in place of `live`.
  ///
  /// @param owners those of `live`; given away by the caller
  /// @throws MergeException if one of the objects is not as its schema says
  Map<Manager, Ownership> update(
      Struct live, Struct next, Map<Manager, Ownership> owners, String manager, String now) {
    Manager writer = Manager.updating(manager, own.apiVersion(), subresource);
    Map<Manager, Ownership> known = reconciled(owners);
    Map<String, Comparison> comparisons = new HashMap<>();
    Comparison comparison = comparison(live, next, own);
    comparisons.put(own.apiVersion(), comparison);
    Map<Manager, Ownership> left = new LinkedHashMap<>();
    known.forEach(
        (owner, ownership) -> {
          Comparison seen = seen(live, next, ownership.apiVersion(), comparisons);
          FieldSet rest = ownership.fields().difference(seen.changed()).difference(seen.removed());
          if (!rest.isEmpty()) {
            left.put(owner, ownership.with(rest));
          }
        });
    FieldSet written = own.owned().apply(comparison.changed()).difference(UNOWNED);
    if (!written.isEmpty()) {
      Ownership before = left.get(writer);
      FieldSet all = before == null ? written : written.union(before.fields());
      left.put(writer, new Ownership(own.apiVersion(), now, all));
    }
    ManagerCap.enforce(left);
    return left;
  }

  /// What `live` becomes if `manager` says that it wants `wanted` and nothing else.
  ///
  /// @param owners those of `live`; given away by the caller
  /// @param force whether to take what others own
  /// @throws ApplyConflict if others own something that is to change, and it is not taken from them
  /// @throws MergeException if one of the objects is not as its schema says
  Applied apply(
      Struct live,
      Struct wanted,
      Map<Manager, Ownership> owners,
      String manager,
      boolean force,
      String now)
      throws ApplyConflict {
    Manager applier = Manager.applying(manager, subresource);
    Map<Manager, Ownership> known = reconciled(owners);
    Struct merged = Merging.merge(live, wanted, own.shape());
    Ownership last = known.get(applier);
    FieldSet said = own.owned().apply(FieldSets.of(wanted, own.shape()));
    known.put(applier, new Ownership(own.apiVersion(), now, said));
    Struct next = merged;
    if (last != null) {
      next = Removing.withEmpty(new GivenUp(forms).remove(merged, last, known), wanted);
    }
    Map<Manager, Ownership> left = taken(live, next, known, applier, force);
    left.computeIfPresent(
        applier,
        (_, ownership) -> {
          FieldSet kept = ownership.fields().difference(UNOWNED);
          return kept.isEmpty() ? null : ownership.with(kept);
        });
    return new Applied(next, left);
  }

  /// The owners after the applier has taken what it wants.
  private Map<Manager, Ownership> taken(
      Struct live, Struct next, Map<Manager, Ownership> owners, Manager applier, boolean force)
      throws ApplyConflict {
    Map<String, Comparison> comparisons = new HashMap<>();
    comparisons.put(own.apiVersion(), comparison(live, next, own));
    Map<Manager, FieldSet> conflicts = new TreeMap<>();
    Map<Manager, Ownership> left = new LinkedHashMap<>();
    owners.forEach(
        (owner, ownership) -> {
          if (owner.equals(applier)) {
            left.put(owner, ownership);
            return;
          }
          Comparison seen = seen(live, next, ownership.apiVersion(), comparisons);
          FieldSet lost = ownership.fields().intersection(seen.changed());
          if (!lost.isEmpty()) {
            conflicts.put(owner, lost);
          }
          FieldSet rest = ownership.fields().difference(lost).difference(seen.removed());
          if (!rest.isEmpty()) {
            left.put(owner, ownership.with(rest));
          }
        });
    if (!force && !conflicts.isEmpty()) {
      throw new ApplyConflict(conflicts);
    }
    return left;
  }

  /// The owners under the schema of today; without those of versions that are not served.
  private Map<Manager, Ownership> reconciled(Map<Manager, Ownership> owners) {
    Map<Manager, Ownership> known = LinkedHashMap.newLinkedHashMap(owners.size() + 1);
    owners.forEach(
        (owner, ownership) -> {
          FieldForm form = form(ownership.apiVersion());
          if (form != null) {
            known.put(
                owner, ownership.with(FieldSets.reconciled(ownership.fields(), form.shape())));
          }
        });
    return known;
  }

  private @Nullable FieldForm form(String apiVersion) {
    return apiVersion.equals(own.apiVersion()) ? own : forms.apply(apiVersion);
  }

  /// What has changed, in the words of a version that is known to be served.
  private Comparison seen(
      Struct live, Struct next, String apiVersion, Map<String, Comparison> known) {
    return known.computeIfAbsent(
        apiVersion,
        version -> {
          FieldForm form = form(version);
          return form == null
              ? new Comparison(FieldSet.EMPTY, FieldSet.EMPTY, FieldSet.EMPTY)
              : comparison(form.from().apply(live), form.from().apply(next), form);
        });
  }

  private static Comparison comparison(Struct live, Struct next, FieldForm form) {
    return Comparison.of(live, next, form.shape()).filtered(form.owned());
  }

  /// The owners that the metadata of a written object names, or else those of the state it
  /// replaces: clients that don't know `managedFields` must not take them away by accident.
  ///
  /// @param next the metadata as it is written
  Map<Manager, Ownership> claimed(Struct live, Struct next) {
    if (subresource.isEmpty()) {
      if (Owners.isReset(next)) {
        return new LinkedHashMap<>();
      }
      Map<Manager, Ownership> claimed = readable(next);
      if (!claimed.isEmpty()) {
        return claimed;
      }
    }
    return readable(live);
  }

  /// The owners that metadata name; none if they can't be read.
  private static Map<Manager, Ownership> readable(Struct metadata) {
    try {
      return Owners.read(metadata);
    } catch (UnreadableException e) {
      return new LinkedHashMap<>();
    }
  }
}
