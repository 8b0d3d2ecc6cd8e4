package dev.tiphys.apiserver.endpoints;

import dev.tiphys.apiserver.catalog.Endpoint;
import dev.tiphys.apiserver.fieldmanagement.FieldManagement;
import dev.tiphys.apiserver.registry.Change;
import dev.tiphys.apiserver.registry.DeleteRequest;
import dev.tiphys.apiserver.registry.Deleted;
import dev.tiphys.apiserver.registry.ListPage;
import dev.tiphys.apiserver.registry.ListQuery;
import dev.tiphys.apiserver.registry.Selecting;
import dev.tiphys.apiserver.registry.Updated;
import dev.tiphys.apiserver.request.Call;
import dev.tiphys.apiserver.storage.Stored;
import dev.tiphys.apiserver.watch.WatchCursor;
import dev.tiphys.apiserver.watch.WatchQuery;
import dev.tiphys.apiserver.watch.Watches;
import dev.tiphys.client.PatchType;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;

/// The verbs of the API on objects. What comes in and goes out is in the version asked for, except
/// for [Stored] states, which the caller presents as needed.
///
/// Errors: every method throws the [ApiException] that a client is to see.
///
/// Threads: any.
public final class Operations {

  private final Watches watches;
  private final Subresources subresources;
  private final FieldManagement fields;

  public Operations(Watches watches, Subresources subresources, FieldManagement fields) {
    this.watches = watches;
    this.subresources = subresources;
    this.fields = fields;
  }

  /// What a write answers.
  public sealed interface Answer {

    /// A state of the object.
    ///
    /// @param created whether the object did not exist before
    record OfState(Stored state, boolean created) implements Answer {}

    /// What a subresource shows, in a form of its own.
    ///
    /// @param created whether it was made by this request
    record OfTree(Struct tree, boolean created) implements Answer {}

    /// The answer as a tree, in the version asked for.
    default Struct tree(Endpoint endpoint) {
      return switch (this) {
        case OfState(Stored state, boolean _) -> endpoint.present(state);
        case OfTree(Struct tree, boolean _) -> tree;
      };
    }
  }

  /// @param version in which state of the store
  public Stored get(Target target, ListQuery.Version version) {
    return target.endpoint().registry().get(target.namespace(), target.name(), version);
  }

  /// What a subresource shows of an object.
  public Struct readSubresource(Call call, Target target) {
    return subresources.of(target).read(call, target);
  }

  public ListPage list(Target target, ListQuery query) {
    Selectors.check(query.labels());
    Selecting.check(query.fields(), target.endpoint().served());
    return target.endpoint().registry().list(query);
  }

  /// Refuses a watch that no watcher could be given.
  public void checkWatch(Target target, WatchQuery query) {
    Selectors.check(query.labels());
    Selecting.check(query.fields(), target.endpoint().served());
  }

  /// Begins a watch.
  ///
  /// @throws ApiException `EXPIRED` if what happened since its beginning is not known any more
  public WatchCursor watch(Target target, WatchQuery query) {
    checkWatch(target, query);
    return watches.open(target.endpoint().registry(), query);
  }

  /// The call, by a client that speaks the version of the target.
  private static Call asking(Call call, Target target) {
    return call.asking(target.endpoint().served());
  }

  public Answer create(Call sent, Target target, Struct tree, FieldValidation.Findings findings) {
    Call call = asking(sent, target);
    Endpoint endpoint = target.endpoint();
    if (!target.subresource().isEmpty()) {
      return new Answer.OfTree(subresources.of(target).create(call, target, tree, findings), true);
    }
    Struct asked = Decoding.object(call, tree, endpoint.served(), findings);
    call.decoded(asked);
    Struct object = OwnerReferences.withoutDuplicates(call, asked);
    Struct owned = endpoint.conversion().toStored(fields.created(call, endpoint, object));
    Stored created = endpoint.create(call, target.namespace(), owned);
    return new Answer.OfState(created, true);
  }

  public Answer update(Call sent, Target target, Struct tree, FieldValidation.Findings findings) {
    Call call = asking(sent, target);
    Endpoint endpoint = target.endpoint();
    if (!target.subresource().isEmpty()) {
      Subresource subresource = subresources.of(target);
      Struct wanted = subresource.decode(call, target, tree, findings);
      checkName(wanted, target);
      Change change = old -> fields.updated(call, target.way(), old, wanted);
      return new Answer.OfTree(subresource.update(call, target, change), false);
    }
    Struct asked = Decoding.object(call, tree, endpoint.served(), findings);
    call.decoded(asked);
    Struct object = OwnerReferences.withoutDuplicates(call, asked);
    checkName(object, target);
    Struct stored = endpoint.conversion().toStored(object);
    return written(call, target, old -> owned(call, target, old, stored));
  }

  /// The wanted object with its owners: those of a new one if there is none yet.
  private Struct owned(Call call, Target target, Struct old, Struct wanted) {
    Endpoint endpoint = target.endpoint();
    return old.isEmpty()
        ? endpoint
            .conversion()
            .toStored(fields.created(call, endpoint, endpoint.conversion().toServed(wanted)))
        : fields.updated(call, target.way(), old, wanted);
  }

  public Answer patch(Call sent, Target target, Patch patch) {
    Call call = asking(sent, target);
    boolean applies = patch.type() == PatchType.APPLY;
    if (target.subresource().isEmpty()) {
      Change change =
          applies
              ? Change.creating(old -> applied(call, target, old, patch))
              : Change.unconditional(old -> patched(call, target, old, patch));
      return written(call, target, change);
    }
    Subresource subresource = subresources.of(target);
    Change change =
        Change.unconditional(
            old ->
                applies
                    ? applied(call, target, old, patch)
                    : fields.updated(
                        call, target.way(), old, subresource.patched(call, target, old, patch)));
    return new Answer.OfTree(subresource.update(call, target, change), false);
  }

  private Struct patched(Call call, Target target, Struct old, Patch patch) {
    checkExists(target, old);
    Struct patched = Patches.apply(call, target.endpoint(), old, patch);
    checkName(patched, target);
    Struct owned = fields.updated(call, target.way(), old, patched);
    return OwnerReferences.withoutDuplicates(call, owned);
  }

  private Struct applied(Call call, Target target, Struct old, Patch patch) {
    if (!target.subresource().isEmpty()) {
      checkExists(target, old);
    }
    Struct wanted = patch.content() instanceof Struct struct ? struct : Struct.EMPTY;
    Struct applied = fields.applied(call, target.way(), old, wanted, patch.force());
    checkName(applied, target);
    return OwnerReferences.withoutDuplicates(call, Patches.unversioned(applied, old));
  }

  private static void checkExists(Target target, Struct old) {
    if (old.isEmpty()) {
      throw ApiException.notFound(target.endpoint().served().groupResource(), target.name());
    }
  }

  private static Answer written(Call call, Target target, Change change) {
    Endpoint endpoint = target.endpoint();
    Updated updated = endpoint.update(call, target.namespace(), target.name(), change);
    return new Answer.OfState(updated.state(), updated.created());
  }

  private static void checkName(Struct object, Target target) {
    String name = object.string("metadata", "name");
    if (name.isEmpty()) {
      throw ApiException.badRequest(
          "the name of the object ("
              + target.name()
              + " based on URL) was undeterminable: name must be provided");
    }
    if (!name.equals(target.name())) {
      throw ApiException.badRequest(
          "the name of the object ("
              + name
              + ") does not match the name on the URL ("
              + target.name()
              + ")");
    }
    String namespace = object.string("metadata", "namespace");
    boolean elsewhere =
        target.endpoint().served().namespaced() && !namespace.equals(target.namespace());
    if (!namespace.isEmpty() && elsewhere) {
      throw ApiException.badRequest(
          "the namespace of the provided object does not match the namespace sent on the request");
    }
  }

  public Deleted delete(Call call, Target target, DeleteRequest deletion) {
    return target
        .endpoint()
        .registry()
        .delete(asking(call, target), target.namespace(), target.name(), deletion);
  }

  public ListPage deleteCollection(
      Call call, Target target, ListQuery query, DeleteRequest deletion) {
    Selectors.check(query.labels());
    Selecting.check(query.fields(), target.endpoint().served());
    return target.endpoint().registry().deleteCollection(asking(call, target), query, deletion);
  }
}
