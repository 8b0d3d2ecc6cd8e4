package dev.tiphys.secrets.generator;

import dev.tiphys.client.outbound.HttpTransport;
import dev.tiphys.object.Struct;
import dev.tiphys.secrets.provider.References;
import dev.tiphys.world.World;
import java.util.Map;

/// A kind of what makes secrets up.
///
/// Threads: any.
public interface Generator {

  /// The kind of its objects: `Password`.
  String kind();

  /// What it is called in a ClusterGenerator: `passwordSpec`.
  String field();

  /// Makes values.
  ///
  /// @param spec of the object
  /// @throws dev.tiphys.secrets.provider.StoreException if they cannot be made
  Map<String, byte[]> generate(Struct spec, Context context) throws InterruptedException;

  /// What it may use.
  ///
  /// @param namespace where the values are wanted
  /// @param references what its spec refers to
  record Context(World world, String namespace, References references, HttpTransport transport) {}
}
