package dev.tiphys.apiserver.registry;

import dev.tiphys.apiserver.request.Call;
import dev.tiphys.object.Struct;
import org.jspecify.annotations.Nullable;

/// What is special to a kind on the road that all kinds share. The methods are called in the order
/// in which they stand here; each has the answer of a kind that is not special.
///
/// Objects are in the version that is stored. A strategy keeps no state of its own.
public interface Strategy {

  /// For kinds without peculiarities.
  Strategy PLAIN = new Strategy() {};

  /// A new object, after its metadata was filled in and its status cleared.
  default Struct prepareForCreate(Call call, Struct object) {
    return object;
  }

  /// A changed object, after what its writer may not change was taken over from the old state.
  default Struct prepareForUpdate(Call call, Struct object, Struct old) {
    return object;
  }

  /// An object whose status was changed.
  default Struct prepareForStatusUpdate(Call call, Struct object, Struct old) {
    return object;
  }

  /// Takes what an object that was prepared is given from a limited supply, before it is validated.
  ///
  /// @param old the state that it replaces; null for a new object
  default Allocation allocate(Call call, Struct object, @Nullable Struct old) {
    return Allocation.none(object);
  }

  /// An object whose deletion begins. It may be made to stay until something is done.
  default Struct deleting(Struct object) {
    return object;
  }

  /// How long a deletion may take, in seconds; negative if it is done at once.
  ///
  /// @param requested what the deleter asks for; null if nothing
  default long gracePeriod(Struct object, @Nullable Long requested) {
    return -1;
  }

  /// An object that was just marked as being deleted, and lives on for a while.
  default Struct terminating(Struct object) {
    return object;
  }

  /// The value that field selectors compare, or null to read it at the field's path.
  default @Nullable String selectable(Struct object, String field) {
    return null;
  }

  /// The lease that a new object's key is tied to, or 0.
  default long lease(Struct object) {
    return 0;
  }

  /// Called when an object has left the store.
  default void deleted(Struct last) {}
}
