package dev.tiphys.secrets.generator;

import dev.tiphys.client.outbound.HttpTransport;
import dev.tiphys.object.Struct;
import dev.tiphys.secrets.provider.References;
import dev.tiphys.world.World;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;

/// A kind of what makes secrets up.
///
/// Threads: any.
public interface Generator extends AutoCloseable {

  /// The kind of its objects: `Password`.
  String kind();

  /// What it is called in a ClusterGenerator: `passwordSpec`.
  String field();

  /// Makes values.
  ///
  /// @param spec of the object
  /// @throws dev.tiphys.secrets.provider.StoreException if they cannot be made
  Map<String, byte[]> generate(Struct spec, Context context) throws InterruptedException;

  /// Goes on with what was made before, by this process or one before it, as far as it lives by
  /// that.
  ///
  /// @param spec of the object, as it was then
  /// @param state as it was told then
  default void resume(Struct spec, Struct state, Context context) throws InterruptedException {}

  /// Does nothing more to keep alive what was made, since something newer has taken its place.
  default void leave(Struct state) {}

  /// Gives back what was made. It can be asked for again.
  ///
  /// @throws dev.tiphys.secrets.provider.StoreException if it cannot be given back now
  default void giveBack(Struct spec, Struct state, Context context) throws InterruptedException {}

  /// How long what was made is needed once something newer is there, or is there of itself.
  default Duration rest(Struct state) {
    return Duration.ofMinutes(2);
  }

  /// Ends what it does for values that it has made.
  @Override
  default void close() {}

  /// What it may use.
  ///
  /// @param namespace where the values are wanted
  /// @param references what its spec refers to
  /// @param asker what the values are made for
  /// @param states is told what has to be known to give back what is made
  record Context(
      World world,
      String namespace,
      References references,
      HttpTransport transport,
      Asker asker,
      Consumer<Struct> states) {}
}
