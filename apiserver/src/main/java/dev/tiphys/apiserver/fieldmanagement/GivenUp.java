package dev.tiphys.apiserver.fieldmanagement;

import dev.tiphys.object.Struct;
import dev.tiphys.object.merge.FieldSet;
import dev.tiphys.object.merge.FieldSets;
import dev.tiphys.object.merge.MergeShape;
import dev.tiphys.object.merge.Removing;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Takes out of an object what its applier said the last time, does not say any longer, and no
/// other manager owns.
///
/// @param forms the form of a version, or null if that is not served
record GivenUp(Function<String, @Nullable FieldForm> forms) {

  /// @param merged the object, with all that the applier says now
  /// @param last what the applier owned before
  /// @param owners those of now, the applier included
  Struct remove(Struct merged, Ownership last, Map<Manager, Ownership> owners) {
    FieldForm form = forms.apply(last.apiVersion());
    if (form == null || last.fields().isSubsetOf(owned(owners, last.apiVersion()))) {
      return merged;
    }
    MergeShape shape = form.shape();
    Struct whole = form.from().apply(merged);
    FieldSet lastSet = FieldSets.withDeclared(last.fields(), shape);
    Struct rest = form.back().apply(Removing.remove(whole, lastSet, shape));
    rest = withOwned(merged, rest, last.apiVersion(), owners);
    FieldSet left = all(form.from().apply(rest), shape);
    FieldSet gone = all(whole, shape).difference(left).intersection(lastSet);
    return form.back().apply(Removing.remove(whole, gone, shape));
  }

  private static FieldSet all(Struct object, MergeShape shape) {
    return FieldSets.withDeclared(FieldSets.of(object, shape), shape);
  }

  private static FieldSet owned(Map<Manager, Ownership> owners, String apiVersion) {
    return owners.values().stream()
        .filter(ownership -> ownership.apiVersion().equals(apiVersion))
        .map(Ownership::fields)
        .reduce(FieldSet.EMPTY, FieldSet::union);
  }

  /// What is left, and all of the merged object that has an owner: first by the version of what was
  /// taken out, since conversions may need it.
  private Struct withOwned(
      Struct merged, Struct rest, String first, Map<Manager, Ownership> owners) {
    SequencedMap<String, FieldSet> owned = new LinkedHashMap<>();
    owned.put(first, FieldSet.EMPTY);
    owners
        .values()
        .forEach(
            ownership -> owned.merge(ownership.apiVersion(), ownership.fields(), FieldSet::union));
    Struct next = rest;
    for (Map.Entry<String, FieldSet> version : owned.entrySet()) {
      FieldForm form = forms.apply(version.getKey());
      if (form != null && !version.getValue().isEmpty()) {
        MergeShape shape = form.shape();
        Struct whole = form.from().apply(merged);
        FieldSet kept =
            all(form.from().apply(next), shape)
                .union(FieldSets.withDeclared(version.getValue(), shape));
        FieldSet gone = all(whole, shape).difference(kept);
        next = form.back().apply(Removing.remove(whole, gone, shape));
      }
    }
    return next;
  }
}
