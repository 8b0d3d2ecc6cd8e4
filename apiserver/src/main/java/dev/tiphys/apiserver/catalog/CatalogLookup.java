package dev.tiphys.apiserver.catalog;

import dev.tiphys.apiserver.admission.Forms;
import dev.tiphys.apiserver.admission.Lookup;
import dev.tiphys.apiserver.advice.manifest.Present;
import dev.tiphys.apiserver.registry.ListQuery;
import dev.tiphys.apiserver.registry.Registry;
import dev.tiphys.apiserver.storage.Storage;
import dev.tiphys.apiserver.storage.Stored;
import dev.tiphys.object.Struct;
import dev.tiphys.schema.GroupVersion;
import dev.tiphys.schema.Resource;
import dev.tiphys.store.KeyValue;
import dev.tiphys.store.Snapshot;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Lets admission look into the catalog, which is put together after it.
///
/// Threads: set once, then read by any.
public final class CatalogLookup implements Lookup, Forms, Present {

  private volatile @Nullable Catalog catalog;

  public void connect(Catalog made) {
    catalog = made;
  }

  private Catalog catalog() {
    Catalog made = catalog;
    if (made == null) {
      throw new IllegalStateException("the catalog is not put together yet");
    }
    return made;
  }

  /// The registry of a built-in resource that is known to exist.
  public Registry registry(String group, String plural) {
    return catalog().registry(group, plural);
  }

  @Override
  public List<Resource> resources() {
    return catalog().resources();
  }

  @Override
  public List<Resource> equivalents(Resource resource) {
    return catalog().snapshot().equivalents(resource);
  }

  @Override
  public Struct convert(Struct object, Resource from, Resource to) {
    Endpoint source = catalog().find(from.groupVersion(), from.plural());
    Endpoint target = catalog().find(to.groupVersion(), to.plural());
    if (source == null || target == null || source == target) {
      return object;
    }
    return source.registry() == target.registry()
        ? target.conversion().toServed(source.conversion().toStored(object))
        : target.registry().form(object, source.registry());
  }

  @Override
  public @Nullable Resource ofKind(GroupVersion groupVersion, String kind) {
    return catalog().resources().stream()
        .filter(each -> each.storage() != null)
        .filter(each -> each.groupVersion().equals(groupVersion) && each.kind().equals(kind))
        .findFirst()
        .orElse(null);
  }

  @Override
  public @Nullable Struct find(String group, String plural, String namespace, String name) {
    Registry registry = registry(group, plural);
    Stored known = registry.known(namespace, name);
    Stored found = known == null ? registry.find(namespace, name) : known; // just made elsewhere?
    return found == null ? null : found.object();
  }

  @Override
  public List<Struct> list(String group, String plural, String namespace) {
    ListQuery all = ListQuery.everything();
    ListQuery.Version known = new ListQuery.Version.NotOlderThan(0);
    ListQuery query = new ListQuery(namespace, all.labels(), all.fields(), known, 0, "");
    return registry(group, plural).list(query).items().stream().map(Stored::object).toList();
  }

  @Override
  public List<Struct> first(String group, String plural, String namespace, int most) {
    Registry registry = registry(group, plural);
    Storage storage = registry.storage();
    Snapshot known = registry.snapshot(new ListQuery.Version.NotOlderThan(0));
    List<Struct> found = new ArrayList<>();
    for (KeyValue record : known.list(storage.prefix(namespace), "", most)) {
      Stored readable = storage.readable(record);
      if (readable != null) {
        found.add(readable.object());
      }
    }
    return found;
  }
}
