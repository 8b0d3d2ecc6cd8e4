package dev.tiphys.apiserver.admission;

import dev.tiphys.object.Struct;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What plugins may ask of the cluster's present state. Answered from the store, so never out of
/// date.
public interface Lookup {

  /// An object, or null if it does not exist.
  @Nullable Struct find(String group, String plural, String namespace, String name);

  /// The objects of a namespace; of all if it is empty.
  List<Struct> list(String group, String plural, String namespace);
}
