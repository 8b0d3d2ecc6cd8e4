package dev.tiphys.apiserver.registry;

import dev.tiphys.apiserver.admission.Admission;
import dev.tiphys.apiserver.registry.Updating.Part;
import dev.tiphys.apiserver.request.Call;
import dev.tiphys.apiserver.storage.Storage;
import dev.tiphys.apiserver.storage.Stored;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Reason;
import dev.tiphys.object.selector.FieldSelector;
import dev.tiphys.object.selector.LabelSelector;
import dev.tiphys.schema.Resource;
import dev.tiphys.store.KeyValue;
import dev.tiphys.store.Snapshot;
import dev.tiphys.world.World;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/// The objects of one resource: read, listed and written in the version that is stored, along the
/// road that all kinds share.
///
/// Errors: every method throws the [ApiException] that a client is to see.
///
/// Threads: any.
public final class Registry {

  private final RegistryContext context;
  private final Selecting selecting;
  private final Listing listing;
  private final Creating creating;
  private final Updating updating;
  private final Deleting deleting;

  public Registry(
      Resource resource, Storage storage, Strategy strategy, Admission admission, World world) {
    context = RegistryContext.of(resource, storage, strategy, admission, world);
    selecting = new Selecting(resource, strategy);
    listing = new Listing(context, selecting);
    creating = new Creating(context);
    deleting = new Deleting(context);
    updating = new Updating(context, creating, deleting);
  }

  /// The resource, in the version that is stored.
  public Resource resource() {
    return context.resource();
  }

  public Storage storage() {
    return context.storage();
  }

  /// What may change or refuse what a call asks for below an object, where no state of the object
  /// is written for it, or one of another kind.
  public Admission admission(Call call) {
    return context.admission(call);
  }

  public Selecting selecting() {
    return selecting;
  }

  /// Whether another registry has the same objects, if in another form.
  public boolean sharesObjectsWith(Registry other) {
    return storage().prefix().equals(other.storage().prefix());
  }

  /// An object of a registry with the same objects, in the form that it has here.
  ///
  /// @throws ApiException if it can't be had in this form now
  public Struct form(Struct object, Registry other) {
    return this == other ? object : storage().form(object, other.storage());
  }

  /// An object's present state.
  public Stored get(String namespace, String name) {
    Stored found = find(namespace, name);
    if (found == null) {
      throw context.notFound(name);
    }
    return found;
  }

  /// An object's state in the version of the store that is asked for.
  public Stored get(String namespace, String name, ListQuery.Version version) {
    KeyValue record = listing.snapshot(version).get(context.storage().key(namespace, name));
    if (record == null) {
      throw context.notFound(name);
    }
    return context.storage().stored(record);
  }

  /// An object's present state, or null if it does not exist.
  public @Nullable Stored find(String namespace, String name) {
    KeyValue record = context.storage().find(namespace, name);
    return record == null ? null : context.storage().stored(record);
  }

  /// An object's state as far as this process knows it, or null if it knows none. Never waits.
  public @Nullable Stored known(String namespace, String name) {
    KeyValue record = context.storage().known(namespace, name);
    return record == null ? null : context.storage().stored(record);
  }

  /// The objects that a list or a watch is about.
  public Selection selection(String namespace, LabelSelector labels, FieldSelector fields) {
    return listing.selection(namespace, labels, fields);
  }

  /// The whole store in the version that is asked for.
  public Snapshot snapshot(ListQuery.Version version) {
    return listing.snapshot(version);
  }

  /// The selected states in a snapshot, each decoded when it is come to.
  public Iterator<Stored> states(Selection selection, Snapshot snapshot) {
    return listing.states(selection, snapshot);
  }

  public ListPage list(ListQuery query) {
    return listing.list(query);
  }

  public Stored create(Call call, String namespace, Struct object) {
    return create(call, namespace, object, WriteRules.of(resource()));
  }

  public Stored create(Call call, String namespace, Struct object, WriteRules rules) {
    return creating.create(call, namespace, object, rules);
  }

  /// Changes an object.
  public Updated update(Call call, String namespace, String name, Change change) {
    return update(call, namespace, name, change, WriteRules.of(resource()));
  }

  public Updated update(Call call, String namespace, String name, Change change, WriteRules rules) {
    return updating.update(call, namespace, name, Part.MAIN, "", change, rules);
  }

  /// Changes an object's status, and what of its metadata a status writer may change.
  public Stored updateStatus(Call call, String namespace, String name, Change change) {
    return updating
        .update(call, namespace, name, Part.STATUS, "status", change, WriteRules.of(resource()))
        .state();
  }

  /// Changes an object through a subresource that knows what may change: `change` decides alone.
  public Stored updateSubresource(
      Call call, String namespace, String name, String subresource, Change change) {
    return updating
        .update(call, namespace, name, Part.OTHER, subresource, change, WriteRules.of(resource()))
        .state();
  }

  /// Puts an object where it is to run. Its generation stays: what is wanted of it is the same.
  public Stored place(Call call, String namespace, String name, Change change) {
    return updating
        .update(call, namespace, name, Part.PLACE, "binding", change, WriteRules.of(resource()))
        .state();
  }

  public Deleted delete(Call call, String namespace, String name, DeleteRequest deletion) {
    return deleting.delete(call, namespace, name, deletion);
  }

  /// Deletes what the query selects. Returns what was found.
  public ListPage deleteCollection(Call call, ListQuery query, DeleteRequest deletion) {
    ListPage found = list(query);
    for (Stored state : found.items()) {
      Struct metadata = state.object().struct("metadata");
      try {
        delete(call, metadata.string("namespace"), metadata.string("name"), deletion);
      } catch (ApiException e) {
        if (e.reason() != Reason.NOT_FOUND) {
          throw e;
        }
      }
    }
    return found;
  }
}
