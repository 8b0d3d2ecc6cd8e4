package dev.tiphys.network.istio;

import dev.tiphys.network.istio.destinations.Catalog;
import dev.tiphys.network.istio.destinations.Place;
import dev.tiphys.network.istio.fields.Exports;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import java.net.InetAddress;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// For which callers something counts, by the Pods that they are.
///
/// @param catalog knows the Pods
/// @param place where they call
record Callers(Catalog catalog, Place place) {

  /// Those that a place is made for: the Pods of its viewer; null for all.
  @Nullable Predicate<InetAddress> all() {
    return of(Struct.EMPTY, Struct.EMPTY);
  }

  /// Those that a VirtualService is exported to, of those that the place is made for; null for all.
  @Nullable Predicate<InetAddress> of(Struct virtualService) {
    return of(virtualService, Struct.EMPTY);
  }

  /// Those that an entry of a `match` is for. Callers that are no Pods are none of them.
  ///
  /// @return null for all
  @Nullable Predicate<InetAddress> of(Struct virtualService, Struct entry) {
    Struct labels = entry.struct("sourceLabels");
    String source = entry.string("sourceNamespace");
    boolean forAll = !place.isBetweenPods() || Exports.isForAll(virtualService);
    String viewer = place.isBetweenPods() ? place.viewer() : "";
    if (!place.isMesh() || labels.isEmpty() && source.isEmpty() && viewer.isEmpty() && forAll) {
      return null;
    }
    return address -> {
      Struct pod = catalog.podAt(address);
      if (pod == null) {
        return false;
      }
      Meta meta = Meta.of(pod);
      return (viewer.isEmpty() || meta.namespace().equals(viewer))
          && (forAll || Exports.isVisible(virtualService, meta.namespace()))
          && (source.isEmpty() || meta.namespace().equals(source))
          && labels.names().stream()
              .allMatch(name -> labels.string(name).equals(meta.labels().get(name)));
    };
  }

  /// Whether an entry of a `match` counts at the place at all.
  ///
  /// @param namespace of the object that has the entry
  boolean isHere(Struct entry, String namespace) {
    if (place.isEverywhere()) {
      return true;
    }
    long port = entry.integer("port");
    Iterable<String> gateways = entry.strings("gateways");
    return (port == 0 || port == place.port())
        && (entry.strings("gateways").isEmpty() || place.isIn(gateways, namespace));
  }
}
