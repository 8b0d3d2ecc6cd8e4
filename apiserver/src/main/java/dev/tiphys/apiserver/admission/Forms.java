package dev.tiphys.apiserver.admission;

import dev.tiphys.object.Struct;
import dev.tiphys.schema.GroupVersion;
import dev.tiphys.schema.Resource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The versions in which objects can be had.
///
/// Threads: any.
public interface Forms {

  /// All resources that are served with the objects of one: it in its versions, and under the other
  /// groups that it goes by.
  List<Resource> equivalents(Resource resource);

  /// An object in another version.
  ///
  /// @param from the resource in the version that it has
  /// @param to one of the equivalents of that
  /// @throws dev.tiphys.object.api.ApiException if it can't be had in that version now
  Struct convert(Struct object, Resource from, Resource to);

  /// The resource with objects of a kind; null if none is served.
  @Nullable Resource ofKind(GroupVersion groupVersion, String kind);
}
