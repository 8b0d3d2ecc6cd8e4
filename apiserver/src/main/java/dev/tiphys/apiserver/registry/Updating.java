package dev.tiphys.apiserver.registry;

import dev.tiphys.apiserver.admission.Admission;
import dev.tiphys.apiserver.admission.Admission.Operation;
import dev.tiphys.apiserver.request.Call;
import dev.tiphys.apiserver.storage.Stored;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.Reason;
import dev.tiphys.schema.Resource;
import dev.tiphys.schema.rules.Validation;
import dev.tiphys.schema.validation.FieldError;
import dev.tiphys.schema.validation.FieldErrors;
import dev.tiphys.schema.warnings.Warnings;
import dev.tiphys.store.KeyValue;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Changes objects: applies a change to the present state, takes over from that what no writer may
/// change, lets admission and the strategy have their say, checks the outcome, and writes it if the
/// state is still the present one. If it is not, all of that is done again with the newer one,
/// unless the writer named the state it means.
///
/// @param context what it works with
/// @param creating where an update goes that creates what is missing
/// @param deleting where an update goes that takes the last finalizer away
record Updating(RegistryContext context, Creating creating, Deleting deleting) {

  static final String MODIFIED =
      "the object has been modified; please apply your changes to the latest version and try again";

  /// Which part of an object is written.
  enum Part {
    MAIN,
    STATUS,
    /// Where it runs, which does not count as a change of what is wanted.
    PLACE,
    /// A subresource that checks by itself what may change.
    OTHER
  }

  /// Replaces an object by what `change` makes of it. Without a resourceVersion in that, the change
  /// is applied to newer states until it is written.
  Updated update(
      Call call,
      String namespace,
      String name,
      Part part,
      String subresource,
      Change change,
      WriteRules rules) {
    while (true) {
      KeyValue record = context.storage().find(namespace, name);
      if (record == null) {
        Stored created = create(call, namespace, name, part, change, rules);
        if (created == null) {
          continue;
        }
        return new Updated(created, true);
      }
      Struct old = context.storage().stored(record).object();
      Struct wanted = change.apply(old);
      if (!change.isUnconditional()) {
        checkUid(namespace, name, wanted, old);
      }
      boolean conditional = checkVersion(name, wanted, old);
      if (!conditional && !change.isUnconditional()) {
        checkVersionNeeded(name);
      }
      Write asked = new Write(call, namespace, name, part, subresource, change);
      Allocation allocation = prepare(asked, wanted, old, rules);
      Struct next = ManagedFields.withTimesOf(allocation.object(), old);
      Stored written = write(call, record, next, old);
      if (written != null) {
        allocation.commit();
        return new Updated(written, false);
      }
      allocation.release();
      if (conditional) {
        throw context.conflict(name, MODIFIED);
      }
    }
  }

  /// Creates what is missing; null if another writer just did.
  private @Nullable Stored create(
      Call call, String namespace, String name, Part part, Change change, WriteRules rules) {
    if (change.creates() && part == Part.MAIN) {
      return createApplied(call, namespace, name, change, rules);
    }
    boolean creates = part == Part.MAIN && context.resource().has(Resource.Rule.CREATES_ON_UPDATE);
    if (change.isUnconditional() || (part == Part.MAIN && !creates)) {
      checkUid(namespace, name, change.apply(Struct.EMPTY), Struct.EMPTY);
    }
    if (!creates) {
      throw context.notFound(name);
    }
    return creating.create(call, namespace, change.apply(Struct.EMPTY), rules);
  }

  private @Nullable Stored createApplied(
      Call call, String namespace, String name, Change change, WriteRules rules) {
    Struct wanted = change.apply(Struct.EMPTY);
    String uid = wanted.string("metadata", "uid");
    if (!uid.isEmpty()) {
      throw context.conflict(
          name,
          "uid mismatch: the provided object specified uid "
              + uid
              + ", and no existing object was found");
    }
    try {
      return creating.create(
          call, namespace, wanted.withoutAt("metadata", "resourceVersion"), rules);
    } catch (ApiException e) {
      if (e.is(Reason.ALREADY_EXISTS)) {
        return null;
      }
      throw e;
    }
  }

  /// Refuses an update that is meant for another object of the name.
  private void checkUid(String namespace, String name, Struct wanted, Struct old) {
    String uid = wanted.string("metadata", "uid");
    String oldUid = old.string("metadata", "uid");
    if (!uid.isEmpty() && !uid.equals(oldUid)) {
      throw context.conflict(
          name, Precondition.uid(context.storage().key(namespace, name), uid, oldUid));
    }
  }

  /// Whether the update is meant for this state only; throws if it is meant for another one.
  private boolean checkVersion(String name, Struct wanted, Struct old) {
    String version = wanted.string("metadata", "resourceVersion");
    if (version.isEmpty() || version.equals("0")) {
      return false;
    }
    if (!version.chars().allMatch(Character::isDigit)) {
      throw ApiException.of(
          Reason.UNKNOWN,
          "strconv.ParseUint: parsing " + FieldError.quoted(version) + ": invalid syntax");
    }
    if (!version.equals(old.string("metadata", "resourceVersion"))) {
      throw context.conflict(name, MODIFIED);
    }
    return true;
  }

  /// Some objects are only replaced by a writer that names the state it replaces.
  private void checkVersionNeeded(String name) {
    if (context.resource().has(Resource.Rule.NEEDS_VERSION)) {
      throw Invalid.noVersion(context.resource(), name);
    }
  }

  /// What is asked for.
  private record Write(
      Call call, String namespace, String name, Part part, String subresource, Change change) {

    Admission.Request request(Resource resource) {
      return new Admission.Request(call, Operation.UPDATE, resource, subresource, namespace, name);
    }
  }

  private Allocation prepare(Write asked, Struct wanted, Struct old, WriteRules rules) {
    Call call = asked.call;
    Part part = asked.part;
    Admission.Request request = asked.request(context.resource());
    Struct admitted = context.admission(call).mutate(request, wanted, old);
    Struct next = withSystemFields(asked.change.taken(admitted, old), old);
    next =
        switch (part) {
          case MAIN -> main(call, next, old);
          case STATUS -> status(call, next, old);
          case PLACE -> next;
          case OTHER -> counted(next, old);
        };
    Allocation allocation =
        part == Part.MAIN ? context.strategy().allocate(call, next, old) : Allocation.none(next);
    try {
      Struct object = allocation.object();
      Invalid.check(rules.resource(), object, errors(part, asked.subresource, object, old, rules));
      if (part == Part.MAIN) {
        Warnings.update(context.resource(), object, old).forEach(call::warn);
      }
      context.admission(call).validate(request, object, old);
      return allocation;
    } catch (ApiException e) {
      allocation.release();
      throw e;
    }
  }

  private FieldErrors errors(
      Part part, String subresource, Struct next, Struct old, WriteRules rules) {
    return part == Part.MAIN
        ? rules.update(next, old)
        : Validation.subresourceUpdate(context.resource(), subresource, next, old);
  }

  /// Takes over from the old state what no writer may change.
  private Struct withSystemFields(Struct wanted, Struct old) {
    Struct metadata = wanted.struct("metadata");
    Struct oldMetadata = old.struct("metadata");
    StructBuilder next = StructBuilder.from(metadata.without("selfLink"));
    keep(next, "uid", oldMetadata, metadata);
    Struct kept = next.build();
    for (String field : List.of("creationTimestamp", "generation", "resourceVersion")) {
      Object value = oldMetadata.get(field);
      kept = value == null ? kept.without(field) : kept.with(field, value);
    }
    if (oldMetadata.has("deletionTimestamp")) {
      kept = kept.with("deletionTimestamp", oldMetadata.string("deletionTimestamp"));
    }
    if (oldMetadata.has("deletionGracePeriodSeconds") && !kept.has("deletionGracePeriodSeconds")) {
      kept =
          kept.with(
              "deletionGracePeriodSeconds", oldMetadata.integer("deletionGracePeriodSeconds"));
    }
    if (context.resource().namespaced()) {
      kept = kept.with("namespace", namespaceOf(kept, oldMetadata));
    } else {
      kept = kept.without("namespace");
    }
    return wanted.with("metadata", kept);
  }

  private static void keep(StructBuilder next, String field, Struct old, Struct wanted) {
    Object value = old.get(field);
    if (!wanted.has(field) && value != null) {
      next.add(field, value);
    }
  }

  private static String namespaceOf(Struct wanted, Struct old) {
    String named = wanted.string("namespace");
    String actual = old.string("namespace");
    if (!named.isEmpty() && !named.equals(actual)) {
      throw ApiException.badRequest(
          "the namespace of the provided object does not match the namespace sent on the request");
    }
    return actual;
  }

  private Struct main(Call call, Struct wanted, Struct old) {
    Struct next = context.resource().status() == null ? wanted : context.withStatusOf(wanted, old);
    return counted(context.strategy().prepareForUpdate(call, next, old), old);
  }

  private Struct status(Call call, Struct wanted, Struct old) {
    Struct next = context.withStatusOf(old, wanted);
    Struct metadata = wanted.struct("metadata");
    Resource.Status rule = context.resource().status();
    Resource.StatusMetadata taken = rule == null ? Resource.StatusMetadata.TAKEN : rule.metadata();
    next =
        switch (taken) {
          case TAKEN -> next.with("metadata", metadata);
          case LABELS_KEPT -> next.with("metadata", withLabelsOf(metadata, old.struct("metadata")));
          case KEPT ->
              next.with("metadata", ManagedFields.takenOver(old.struct("metadata"), metadata));
        };
    return context.strategy().prepareForStatusUpdate(call, next, old);
  }

  private static Struct withLabelsOf(Struct metadata, Struct old) {
    Object labels = old.get("labels");
    return labels == null ? metadata.without("labels") : metadata.with("labels", labels);
  }

  /// Counts the generation up if a field changed that counts.
  private Struct counted(Struct next, Struct old) {
    for (String path : context.resource().generation().fields()) {
      String[] names = path.split("\\.");
      if (!Meta.same(next.get(names), old.get(names))) {
        long generation = old.integer("metadata", "generation") + 1;
        return next.withAt(generation, "metadata", "generation");
      }
    }
    return next;
  }

  /// Writes the next state; null if the present one is no longer the one it was made from.
  private @Nullable Stored write(Call call, KeyValue record, Struct next, Struct old) {
    if (isFinished(next)) {
      return deleting.finish(call, record, next);
    }
    if (next.equals(old) && context.storage().isCurrent(record)) {
      return context.storage().stored(record);
    }
    if (call.dryRun()) {
      return context.storage().state(next, record.revision());
    }
    return context.storage().write(call, next, record, record.lease());
  }

  /// Whether an object is being deleted and nothing holds it any longer.
  private static boolean isFinished(Struct object) {
    Struct metadata = object.struct("metadata");
    return metadata.has("deletionTimestamp")
        && metadata.integer("deletionGracePeriodSeconds") == 0
        && metadata.list("finalizers").isEmpty()
        && object.list("spec", "finalizers").isEmpty();
  }
}
