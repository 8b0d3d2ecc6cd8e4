package dev.tiphys.network.istio;

import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ObjectKey;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What is known of the cluster.
interface Catalog {

  @Nullable Struct service(ObjectKey key);

  /// The EndpointSlices of a Service.
  List<Struct> slices(ObjectKey service);

  /// The labels of a Pod; empty if it is not known.
  Struct labels(ObjectKey pod);

  /// The Pod that has an address; null if none is known to.
  @Nullable Struct podAt(InetAddress address);

  @Nullable Struct virtualService(ObjectKey key);

  List<Struct> destinationRules();

  List<Struct> serviceEntries();

  @Nullable Struct serviceEntry(ObjectKey key);

  /// A Secret with a key and certificates, or with those of authorities.
  @Nullable Struct secret(String namespace, String name);

  /// Where an endpoint is reached from here.
  InetSocketAddress reached(InetAddress address, int port);
}
