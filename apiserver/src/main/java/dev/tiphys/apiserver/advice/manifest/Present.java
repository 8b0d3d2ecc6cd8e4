package dev.tiphys.apiserver.advice.manifest;

import dev.tiphys.object.Struct;
import dev.tiphys.schema.Resource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the cluster holds at present.
public interface Present {

  /// An object, or null if it does not exist.
  @Nullable Struct find(String group, String plural, String namespace, String name);

  /// The first objects of a namespace, or of all if it is empty; no more than `most`.
  List<Struct> first(String group, String plural, String namespace, int most);

  /// All resources that are served.
  List<Resource> resources();
}
