package dev.tiphys.apiserver.catalog;

import dev.tiphys.apiserver.admission.Forms;
import dev.tiphys.apiserver.admission.Lookup;
import dev.tiphys.apiserver.advice.manifest.Present;
import dev.tiphys.apiserver.registry.ListQuery;
import dev.tiphys.apiserver.registry.Registry;
import dev.tiphys.apiserver.storage.Stored;
import dev.tiphys.object.Struct;
import dev.tiphys.object.selector.FieldSelector;
import dev.tiphys.object.selector.LabelSelector;
import dev.tiphys.schema.GroupVersion;
import dev.tiphys.schema.Resource;
import dev.tiphys.store.Snapshot;
import java.util.ArrayList;
import java.util.Iterator;
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
    return first(group, plural, namespace, Integer.MAX_VALUE);
  }

  @Override
  public List<Struct> first(String group, String plural, String namespace, int most) {
    Registry registry = registry(group, plural);
    Snapshot known = registry.snapshot(new ListQuery.Version.NotOlderThan(0));
    Iterator<Stored> states =
        registry.states(
            registry.selection(namespace, LabelSelector.EVERYTHING, FieldSelector.EVERYTHING),
            known);
    List<Struct> found = new ArrayList<>();
    while (found.size() < most && states.hasNext()) {
      found.add(states.next().object());
    }
    return found;
  }
}
