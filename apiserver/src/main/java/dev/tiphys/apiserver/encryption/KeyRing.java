package dev.tiphys.apiserver.encryption;

import dev.tiphys.apiserver.encryption.EncryptionConfiguration.Entry;
import dev.tiphys.apiserver.encryption.EncryptionConfiguration.Key;
import dev.tiphys.apiserver.encryption.EncryptionConfiguration.Provider;
import dev.tiphys.apiserver.encryption.PrefixTransformers.Prefixed;
import dev.tiphys.apiserver.encryption.ResourceNames.Meant;
import dev.tiphys.apiserver.encryption.kms.KmsPlugin;
import dev.tiphys.world.World;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// What one configuration comes to: the transformers of all resources, and the plugins that they
/// use.
///
/// Threads: any.
final class KeyRing implements AutoCloseable {

  private static final Meant EVERYTHING = new Meant("*", "*");
  private static final String NO_KMS_V1 =
      "error while building transformers: KMSv1 is deprecated and will only receive security"
          + " updates going forward. Use KMSv2 instead.  Set --feature-gates=KMSv1=true to use the"
          + " deprecated KMSv1 feature.";

  private final EncryptionConfiguration configuration;
  private final World world;
  private final EncryptionMetrics metrics;
  private final List<KmsPlugin> plugins = new ArrayList<>();
  private final @Nullable EventLoopGroup loops;

  /// The providers of what the configuration names.
  private final Map<Meant, List<Prefixed>> named = new HashMap<>();

  private final Map<Meant, Transformer> made = new ConcurrentHashMap<>();

  /// @throws IllegalArgumentException if the configuration can't be used; the message says why
  KeyRing(EncryptionConfiguration configuration, World world, EncryptionMetrics metrics) {
    this.configuration = configuration;
    this.world = world;
    this.metrics = metrics;
    this.loops =
        configuration.usesKms()
            ? new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory())
            : null;
    try {
      configuration.entries().forEach(this::add);
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  private void add(Entry entry) {
    List<Prefixed> providers = entry.providers().stream().map(this::provider).toList();
    for (String name : entry.resources()) {
      Meant meant = Meant.by(name);
      for (Meant mask : List.of(new Meant("*", meant.group()), EVERYTHING)) {
        if (named.containsKey(mask)) {
          throw new IllegalArgumentException(
              "error while building transformers: resource \"%s\" is masked by earlier rule \"%s\""
                  .formatted(meant, mask));
        }
      }
      named.merge(
          meant,
          providers,
          (earlier, later) -> {
            List<Prefixed> both = new ArrayList<>(earlier);
            both.addAll(later);
            return both;
          });
    }
  }

  private Prefixed provider(Provider provider) {
    return switch (provider) {
      case Provider.Plain() -> new Prefixed("", Transformer.PLAIN);
      case Provider.AesCbc(var keys) ->
          keys("k8s:enc:aescbc:v1:", "AES", keys, key -> new AesCbc(key, world.random()));
      case Provider.AesGcm(var keys) ->
          keys("k8s:enc:aesgcm:v1:", "AES", keys, key -> new AesGcm(key, world.random()));
      case Provider.Secretbox(var keys) ->
          keys(
              "k8s:enc:secretbox:v1:",
              "Secretbox",
              keys,
              key -> new SecretboxTransformer(key, world.random()));
      case Provider.Kms kms -> plugin(kms);
    };
  }

  private Prefixed keys(
      String prefix, String what, List<Key> keys, Function<byte[], Transformer> cipher) {
    List<Prefixed> each = new ArrayList<>();
    keys.forEach(key -> each.add(new Prefixed(key.name() + ":", cipher.apply(key.bytes()))));
    return new Prefixed(
        prefix,
        new PrefixTransformers(
            "",
            "no matching key was found for the provided " + what + " transformer",
            each,
            metrics));
  }

  private Prefixed plugin(Provider.Kms kms) {
    EventLoopGroup own = loops;
    if (kms.version().equals("v1") || own == null) {
      throw new IllegalArgumentException(NO_KMS_V1);
    }
    KmsPlugin plugin = new KmsPlugin(world, own, kms.name(), kms.socket(), kms.timeout(), metrics);
    plugins.add(plugin);
    return new Prefixed("k8s:enc:kms:v2:" + kms.name() + ":", plugin);
  }

  EncryptionConfiguration configuration() {
    return configuration;
  }

  /// How a resource is stored.
  Transformer of(String group, String resource) {
    return made.computeIfAbsent(new Meant(resource, group), this::make);
  }

  private Transformer make(Meant resource) {
    for (Meant name : List.of(resource, new Meant("*", resource.group()), EVERYTHING)) {
      List<Prefixed> providers = named.get(name);
      if (providers != null) {
        return new PrefixTransformers(
            resource.toString(), "no matching prefix found", providers, metrics);
      }
    }
    return Transformer.PLAIN;
  }

  /// What is wrong with plugins; empty if nothing is.
  String problem() {
    List<String> problems = new ArrayList<>();
    for (int i = 0; i < plugins.size(); i++) {
      String problem = plugins.get(i).check();
      if (!problem.isEmpty()) {
        problems.add("kms-provider-" + i + ": " + problem);
      }
    }
    return problems.size() == 1 ? problems.getFirst() : String.join(", ", problems);
  }

  @Override
  public void close() {
    plugins.forEach(KmsPlugin::close);
    EventLoopGroup own = loops;
    if (own != null) {
      own.shutdownGracefully();
    }
  }
}
