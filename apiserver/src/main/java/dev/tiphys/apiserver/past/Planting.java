package dev.tiphys.apiserver.past;

import dev.tiphys.apiserver.catalog.Catalog;
import dev.tiphys.apiserver.catalog.Endpoint;
import dev.tiphys.apiserver.request.Call;
import dev.tiphys.apiserver.request.UserInfo;
import dev.tiphys.apiserver.storage.Storage;
import dev.tiphys.client.ApiResource;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;

/// Puts objects into the store as another cluster has them, so that this one can go on from there:
/// with their UIDs, times, owners and status, unasked by admission and unchecked.
///
/// Threads: any; an object that is planted twice at once may be refused.
public final class Planting {

  private static final String PART = "planting";

  private final Catalog catalog;

  public Planting(Catalog catalog) {
    this.catalog = catalog;
  }

  /// Plants an object. One of the same name is replaced.
  ///
  /// @param object in the version of the resource
  /// @return whether this server has such a resource
  /// @throws dev.tiphys.schema.DecodingException if the object is none of its kind
  public boolean plant(ApiResource resource, Struct object) {
    Endpoint endpoint = catalog.find(resource.groupVersion(), resource.plural());
    if (endpoint == null) {
      return false;
    }
    Struct stored = endpoint.conversion().toStored(endpoint.served().schema().normalize(object));
    Storage storage = endpoint.registry().storage();
    Meta meta = Meta.of(stored);
    Call call = new Call(UserInfo.of(PART, UserInfo.MASTERS), PART, 0, false);
    return storage.write(call, stored, storage.find(meta.namespace(), meta.name()), 0) != null;
  }
}
