package dev.tiphys.schema.validation;

import dev.tiphys.object.Struct;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The rules of one kind.
///
/// Immutable; each `…ing` method returns rules with one more. Without them an object of the kind is
/// checked for nothing but its metadata, and an update like a new object.
public final class KindRules {

  /// What of the metadata a kind checks on updates, beside what is checked for every kind. What is
  /// checked twice and wrong is told twice.
  public enum Recheck {
    NOTHING,
    CHANGES,
    OBJECT,
    BOTH,
    OBJECT_TWICE,
    BOTH_AND_OBJECT;

    private boolean ofChanges() {
      return this == CHANGES || this == BOTH || this == BOTH_AND_OBJECT;
    }

    /// How often the metadata is checked as that of a new object is.
    private int ofObject() {
      return switch (this) {
        case NOTHING, CHANGES -> 0;
        case OBJECT, BOTH -> 1;
        case OBJECT_TWICE, BOTH_AND_OBJECT -> 2;
      };
    }
  }

  private final @Nullable NameForm names;
  private final boolean qualifiesFinalizers;
  private final Recheck recheck;
  private final @Nullable BiConsumer<FieldValue, Struct> first;
  private final Consumer<FieldValue> create;
  private final @Nullable BiConsumer<FieldValue, Struct> update;
  private final Map<String, BiConsumer<FieldValue, Struct>> subresources;

  private KindRules(
      @Nullable NameForm names,
      boolean qualifiesFinalizers,
      Recheck recheck,
      @Nullable BiConsumer<FieldValue, Struct> first,
      Consumer<FieldValue> create,
      @Nullable BiConsumer<FieldValue, Struct> update,
      Map<String, BiConsumer<FieldValue, Struct>> subresources) {
    this.names = names;
    this.qualifiesFinalizers = qualifiesFinalizers;
    this.recheck = recheck;
    this.first = first;
    this.create = create;
    this.update = update;
    this.subresources = subresources;
  }

  /// The rules of a kind whose names have this form.
  public static KindRules named(NameForm names) {
    return new KindRules(names, true, Recheck.CHANGES, null, value -> {}, null, Map.of());
  }

  /// The rules of a kind of one of the smaller servers that upstream's is composed of: those leave
  /// finalizers alone.
  public static KindRules looselyNamed(NameForm names) {
    return new KindRules(names, false, Recheck.CHANGES, null, value -> {}, null, Map.of());
  }

  public KindRules creating(Consumer<FieldValue> rules) {
    return new KindRules(names, qualifiesFinalizers, recheck, first, rules, update, subresources);
  }

  public KindRules updating(BiConsumer<FieldValue, Struct> rules) {
    return new KindRules(names, qualifiesFinalizers, recheck, first, create, rules, subresources);
  }

  /// Rules for updates of the status.
  public KindRules reporting(BiConsumer<FieldValue, Struct> rules) {
    return through("status", rules);
  }

  /// Rules for updates through a subresource.
  public KindRules through(String subresource, BiConsumer<FieldValue, Struct> rules) {
    Map<String, BiConsumer<FieldValue, Struct>> more = new HashMap<>(subresources);
    more.put(subresource, rules);
    return new KindRules(
        names, qualifiesFinalizers, recheck, first, create, update, Map.copyOf(more));
  }

  public KindRules rechecking(Recheck metadata) {
    return new KindRules(names, qualifiesFinalizers, metadata, first, create, update, subresources);
  }

  /// Rules of a kind whose updates upstream checks as new objects before it checks them as updates:
  /// what is wrong with them is told twice.
  public KindRules tellingTwice() {
    return tellingTwice((now, _) -> create.accept(now));
  }

  /// As [#tellingTwice()], for a kind of which not everything is told twice.
  ///
  /// @param rules those that are checked once more, before all others
  public KindRules tellingTwice(BiConsumer<FieldValue, Struct> rules) {
    return new KindRules(names, qualifiesFinalizers, recheck, rules, create, update, subresources);
  }

  /// Rules of a kind that leaves its metadata to the check that all kinds share, which comes last.
  public static KindRules nameless() {
    return looselyNamed(NameForm.PATH_SEGMENT).rechecking(Recheck.NOTHING);
  }

  /// Rules of a kind whose objects are only asked and answered, and have no metadata of their own.
  public static KindRules bare() {
    return new KindRules(null, false, Recheck.NOTHING, null, value -> {}, null, Map.of());
  }

  public void create(FieldValue object, boolean namespaced) {
    boolean last = recheck == Recheck.NOTHING;
    if (!last) {
      object(object, namespaced);
    }
    create.accept(object);
    if (last && object.errors().isEmpty()) {
      object(object, namespaced);
    }
  }

  public void update(FieldValue now, Struct before, boolean namespaced) {
    int objects = recheck.ofObject();
    if (first != null) {
      object(now, namespaced);
      first.accept(now, before);
      objects--;
    }
    if (recheck.ofChanges()) {
      changes(now, before);
    }
    for (int i = 0; i < objects; i++) {
      object(now, namespaced);
    }
    if (update == null) {
      create.accept(now);
    } else {
      update.accept(now, before);
    }
  }

  public void update(String subresource, FieldValue now, Struct before) {
    if (recheck != Recheck.NOTHING) {
      changes(now, before);
    }
    BiConsumer<FieldValue, Struct> rules = subresources.get(subresource);
    if (rules != null) {
      rules.accept(now, before);
    }
  }

  private void object(FieldValue object, boolean namespaced) {
    if (names != null) {
      MetaRules.object(object.at("metadata"), namespaced, names);
      finalizers(object);
    }
  }

  /// What was checked for every kind before, and was right, need not be checked again.
  private void changes(FieldValue now, Struct before) {
    if (!now.errors().isEmpty()) {
      MetaRules.update(now.at("metadata"), before.struct("metadata"));
    }
    finalizers(now);
  }

  private void finalizers(FieldValue object) {
    if (qualifiesFinalizers) {
      MetaRules.qualifiedFinalizers(object.at("metadata", "finalizers"));
    }
  }
}
