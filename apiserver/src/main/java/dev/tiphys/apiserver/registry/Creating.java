package dev.tiphys.apiserver.registry;

import dev.tiphys.apiserver.admission.Admission;
import dev.tiphys.apiserver.admission.Admission.Operation;
import dev.tiphys.apiserver.request.Call;
import dev.tiphys.apiserver.request.RequestNamespace;
import dev.tiphys.apiserver.storage.Stored;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.Timestamps;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Reason;
import dev.tiphys.schema.warnings.Warnings;
import dev.tiphys.store.KeyValue;
import org.jspecify.annotations.Nullable;

/// Creates objects: gives the object what it lacks (what admission adds, a name, a uid, what its
/// strategy adds, what it is allocated), checks it, and writes it if there is none of its name.
///
/// A generated name that is taken is drawn anew.
///
/// @param context what it works with
record Creating(RegistryContext context) {

  /// How often a generated name is drawn before the server gives up.
  private static final int TRIES = 8;

  /// Creates `object` in `namespace`.
  Stored create(Call call, String namespace, Struct object, WriteRules rules) {
    Struct placed = RequestNamespace.of(context.resource(), object, namespace);
    Admission.Request request = request(call, namespace, placed);
    Struct admitted = context.admission(call).mutate(request, placed, null);
    boolean generates =
        admitted.string("metadata", "name").isEmpty()
            && !admitted.string("metadata", "generateName").isEmpty();
    for (int tries = 1; ; tries++) {
      Struct named = named(admitted);
      Stored created = attempt(request(call, namespace, named), named, rules);
      if (created != null) {
        return created;
      }
      String name = named.string("metadata", "name");
      if (!generates) {
        throw exists(namespace, name, "");
      }
      if (tries == TRIES) {
        throw exists(
                namespace,
                name,
                ", the server was not able to generate a unique name for the object")
            .retryAfter(1);
      }
    }
  }

  private ApiException exists(String namespace, String name, String more) {
    String groupResource = context.resource().groupResource();
    return ApiException.of(
        Reason.ALREADY_EXISTS,
        (isBeingDeleted(namespace, name) ? "object is being deleted: " : "")
            + groupResource
            + " \""
            + name
            + "\" already exists"
            + more,
        ApiException.details(groupResource, name));
  }

  private boolean isBeingDeleted(String namespace, String name) {
    KeyValue record = context.storage().find(namespace, name);
    return record != null
        && context.storage().stored(record).object().has("metadata", "deletionTimestamp");
  }

  private Admission.Request request(Call call, String namespace, Struct object) {
    return new Admission.Request(
        call,
        Operation.CREATE,
        context.resource(),
        "",
        namespace,
        object.string("metadata", "name"));
  }

  /// Creates an object; null if there is one of its name.
  private @Nullable Stored attempt(Admission.Request request, Struct named, WriteRules rules) {
    Call call = request.call();
    Struct prepared = context.strategy().prepareForCreate(call, filled(named, call.dryRun()));
    Allocation allocation = context.strategy().allocate(call, prepared, null);
    Struct object = allocation.object();
    try {
      Invalid.check(rules.resource(), object, rules.create(object));
      Warnings.create(context.resource(), object).forEach(call::warn);
      context.admission(call).validate(request, object, null);
    } catch (ApiException e) {
      allocation.release();
      throw e;
    }
    Stored created = write(call, object);
    if (created == null) {
      allocation.release();
    } else {
      allocation.commit();
    }
    return created;
  }

  private Struct named(Struct object) {
    Struct metadata = object.struct("metadata");
    String base = metadata.string("generateName");
    if (!metadata.string("name").isEmpty() || base.isEmpty()) {
      return object;
    }
    return object.withAt(ObjectNames.generate(base, context.world().random()), "metadata", "name");
  }

  /// The object with the metadata that the server gives it, and without a status of its own making.
  private Struct filled(Struct object, boolean dryRun) {
    if (!dryRun && !object.string("metadata", "resourceVersion").isEmpty()) {
      throw ApiException.of(
          Reason.UNKNOWN, "resourceVersion should not be set on objects to be created");
    }
    StructBuilder metadata =
        StructBuilder.from(
            object
                .struct("metadata")
                .without("deletionTimestamp")
                .without("deletionGracePeriodSeconds")
                .without("resourceVersion")
                .without("selfLink"));
    metadata.add("uid", ObjectNames.uid(context.world().random()));
    metadata.add("creationTimestamp", Timestamps.seconds(context.world().now()));
    if (context.resource().generation().managed()) {
      metadata.add("generation", 1L);
    }
    Struct filled = object.with("metadata", metadata.build());
    var status = context.resource().status();
    return status == null || status.keptOnCreate() ? filled : context.withoutStatus(filled);
  }

  private @Nullable Stored write(Call call, Struct object) {
    if (call.dryRun()) {
      String name = object.string("metadata", "name");
      String namespace = object.string("metadata", "namespace");
      return context.storage().find(namespace, name) == null
          ? context.storage().state(object, 0)
          : null;
    }
    long lease = context.strategy().lease(object);
    return context.storage().write(call, object, null, lease);
  }
}
