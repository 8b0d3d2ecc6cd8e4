package dev.tiphys.network.istio.destinations;

import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ObjectKey;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What is known of the cluster.
public interface Catalog {

  /// A Service; null if there is none.
  @Nullable Struct service(ObjectKey key);

  /// The EndpointSlices of a Service.
  List<Struct> slices(ObjectKey service);

  /// The labels of a Pod; empty if it is not known.
  Struct labels(ObjectKey pod);

  /// The Pod that has an address; null if none is known to.
  @Nullable Struct podAt(InetAddress address);

  /// A VirtualService; null if there is none.
  @Nullable Struct virtualService(ObjectKey key);

  /// All of them.
  List<Struct> destinationRules();

  /// All of them.
  List<Struct> serviceEntries();

  /// A ServiceEntry; null if there is none.
  @Nullable Struct serviceEntry(ObjectKey key);

  /// A Secret with a key and certificates, or with those of authorities.
  @Nullable Struct secret(String namespace, String name);

  /// Where an endpoint is reached from here.
  InetSocketAddress reached(InetAddress address, int port);
}
