package dev.tiphys.object.merge;

import dev.tiphys.object.Struct;
import dev.tiphys.object.merge.MergeShape.Form;
import dev.tiphys.object.merge.MergeShape.ListShape;
import dev.tiphys.object.merge.MergeShape.MapShape;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Compares two values, and collects what differs inside them.
///
/// Threads: one.
final class Comparing {

  private @Nullable FieldSetBuilder added;
  private @Nullable FieldSetBuilder modified;
  private @Nullable FieldSetBuilder removed;

  private Comparing() {}

  static Comparison compare(Struct before, Struct after, MergeShape shape) {
    Comparing comparing = new Comparing();
    comparing.inside(before, after, shape.mapHere());
    return new Comparison(set(comparing.added), set(comparing.modified), set(comparing.removed));
  }

  private static FieldSet set(@Nullable FieldSetBuilder builder) {
    return builder == null ? FieldSet.EMPTY : builder.build();
  }

  private void inside(@Nullable Struct before, @Nullable Struct after, MapShape map) {
    int i = 0;
    int j = 0;
    int left = before == null ? 0 : before.size();
    int right = after == null ? 0 : after.size();
    while (i < left || j < right) {
      int order =
          i == left || before == null
              ? 1
              : j == right || after == null ? -1 : before.name(i).compareTo(after.name(j));
      Object old = order <= 0 && before != null ? before.value(i) : null;
      Object now = order >= 0 && after != null ? after.value(j) : null;
      if (old != now) {
        String name =
            order <= 0 && before != null ? before.name(i) : after == null ? "" : after.name(j);
        MergeShape shape = map.field(name);
        if (shape != null) {
          at(new PathElement.Field(name), old, now, shape);
        }
      }
      i += order <= 0 ? 1 : 0;
      j += order >= 0 ? 1 : 0;
    }
  }

  /// Compares what stands in one place; one of the two may be absent.
  private void at(
      PathElement step, @Nullable Object before, @Nullable Object after, MergeShape shape) {
    if (before != null && after != null && shape.form(before) != shape.form(after)) {
      as(shape.form(before), step, before, after, shape);
    }
    if (after != null) {
      as(shape.form(after), step, before, after, shape);
    } else if (before != null) {
      as(shape.form(before), step, before, null, shape);
    }
  }

  /// Compares two values by the rule for one form; a value of another form has nothing inside.
  private void as(
      Form form,
      PathElement step,
      @Nullable Object before,
      @Nullable Object after,
      MergeShape shape) {
    switch (form) {
      case SCALAR -> leaf(step, before, after);
      case MAP -> {
        Struct old = before instanceof Struct struct && !struct.isEmpty() ? struct : null;
        Struct now = after instanceof Struct struct && !struct.isEmpty() ? struct : null;
        if (shape.mapHere().isAtomic() || (old == null && now == null)) {
          leaf(step, before, after);
          return;
        }
        Comparing inner = new Comparing();
        inner.inside(old, now, shape.mapHere());
        absorb(step, before == null, after == null, inner);
      }
      case LIST -> {
        List<?> old = before instanceof List<?> list && !list.isEmpty() ? list : null;
        List<?> now = after instanceof List<?> list && !list.isEmpty() ? list : null;
        if (shape.listHere().isAtomic() || (old == null && now == null)) {
          leaf(step, before, after);
          return;
        }
        Comparing inner = new Comparing();
        inner.inside(old, now, shape.listHere());
        absorb(step, before == null, after == null, inner);
      }
    }
  }

  private void leaf(PathElement step, @Nullable Object before, @Nullable Object after) {
    if (before == null) {
      add(step, true, null);
    } else if (after == null) {
      remove(step, true, null);
    } else if (!Values.same(before, after)) {
      modify(step, true, null);
    }
  }

  private void inside(@Nullable List<?> before, @Nullable List<?> after, ListShape shape) {
    ListElements old = ListElements.of(before, shape);
    ListElements now = ListElements.of(after, shape);
    old.values().forEach((step, values) -> element(step, values, now.at(step), shape.elements()));
    now.values()
        .forEach(
            (step, values) -> {
              if (!old.has(step)) {
                element(step, List.of(), values, shape.elements());
              }
            });
  }

  /// Compares the elements that one step leads to. Several that have the same key are one value.
  private void element(
      PathElement step, List<Object> before, List<Object> after, MergeShape shape) {
    if (before.size() <= 1 && after.size() <= 1) {
      Object old = before.isEmpty() ? null : before.getFirst();
      Object now = after.isEmpty() ? null : after.getFirst();
      if (old != now) {
        at(step, old, now, shape);
      }
    } else if (before.size() > 1 && after.size() > 1) {
      if (!Values.same(before, after)) {
        modify(step, true, null);
      }
    } else if (before.size() > 1) {
      if (!after.isEmpty()) {
        at(step, null, after.getFirst(), shape);
      }
      remove(step, true, null);
    } else {
      if (!before.isEmpty()) {
        at(step, before.getFirst(), null, shape);
      }
      add(step, true, null);
    }
  }

  private void absorb(PathElement step, boolean isNew, boolean isGone, Comparing inner) {
    if (isNew || inner.added != null) {
      add(step, isNew, set(inner.added));
    }
    if (inner.modified != null) {
      modify(step, false, set(inner.modified));
    }
    if (isGone || inner.removed != null) {
      remove(step, isGone, set(inner.removed));
    }
  }

  private void add(PathElement step, boolean member, @Nullable FieldSet rest) {
    added = added == null ? new FieldSetBuilder() : added;
    added.add(step, member, rest);
  }

  private void modify(PathElement step, boolean member, @Nullable FieldSet rest) {
    modified = modified == null ? new FieldSetBuilder() : modified;
    modified.add(step, member, rest);
  }

  private void remove(PathElement step, boolean member, @Nullable FieldSet rest) {
    removed = removed == null ? new FieldSetBuilder() : removed;
    removed.add(step, member, rest);
  }
}
