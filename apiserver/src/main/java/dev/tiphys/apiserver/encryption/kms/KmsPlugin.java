package dev.tiphys.apiserver.encryption.kms;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.tiphys.apiserver.encryption.AesGcm;
import dev.tiphys.apiserver.encryption.DerivedKeyGcm;
import dev.tiphys.apiserver.encryption.Digests;
import dev.tiphys.apiserver.encryption.EncryptionMetrics;
import dev.tiphys.apiserver.encryption.EncryptionMetrics.Direction;
import dev.tiphys.apiserver.encryption.Transformer;
import dev.tiphys.apiserver.encryption.kms.EncryptedObjects.EncryptedDekSourceType;
import dev.tiphys.apiserver.encryption.kms.EncryptedObjects.EncryptedObject;
import dev.tiphys.apiserver.registry.ObjectNames;
import dev.tiphys.grpc.GrpcException;
import dev.tiphys.world.SupervisedTask;
import dev.tiphys.world.World;
import io.netty.channel.EventLoopGroup;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Encrypts with keys that a plugin keeps: each write has a key of its own, made of a seed, and the
/// plugin encrypts the seed, which is stored beside what is written. So the plugin is only asked
/// for a seed that is not known yet.
///
/// The plugin's status is asked from time to time: when it uses another key, there is a new seed.
/// Reading goes on however it is; writing ends a few minutes after the plugin was last well.
///
/// Threads: any.
public final class KmsPlugin implements Transformer, AutoCloseable {

  private static final System.Logger LOG = System.getLogger(KmsPlugin.class.getName());
  private static final Duration LIFE_OF_SEED = Duration.ofMinutes(3);
  private static final Duration PERIOD_WHEN_WELL = Duration.ofMinutes(1);
  private static final Duration PERIOD_WHEN_ILL = Duration.ofSeconds(10);
  private static final Duration KEPT_WHEN_WELL = Duration.ofSeconds(20);
  private static final Duration KEPT_WHEN_ILL = Duration.ofSeconds(3);

  private final World world;
  private final String name;
  private final KmsService service;
  private final EncryptionMetrics metrics;
  private final SeedCache seeds;
  private final Object checking = new Object();
  private final SupervisedTask task;
  private volatile @Nullable State state;

  // guarded by checking
  private String version = "";
  private String problem = "";
  private long checkedAt;
  private Duration kept = Duration.ZERO;

  /// What is written with.
  ///
  /// @param head what is stored beside what is written
  /// @param until when writing with it ends
  private record State(Transformer transformer, EncryptedObject head, Instant until) {}

  /// Asks the plugin for the first time; if it does not answer, it is asked again until it does.
  ///
  /// @param name in the configuration
  /// @param socket where it listens
  /// @param limit how long a call may take
  public KmsPlugin(
      World world,
      EventLoopGroup loops,
      String name,
      Path socket,
      Duration limit,
      EncryptionMetrics metrics) {
    this.world = world;
    this.name = name;
    this.metrics = metrics;
    this.service = new KmsService(world, loops, name, socket, limit, metrics);
    this.seeds = new SeedCache(world, count -> metrics.cachedSeeds(name, count));
    boolean well = check().isEmpty();
    this.task = world.supervisor().start("kms-" + name, () -> watch(well));
  }

  private void watch(boolean wasWell) throws InterruptedException {
    boolean well = wasWell;
    while (true) {
      world.background().sleep(well ? PERIOD_WHEN_WELL : PERIOD_WHEN_ILL);
      String found = check();
      well = found.isEmpty();
      if (!well) {
        LOG.log(
            System.Logger.Level.WARNING,
            "a key management plugin is not well: provider={0} problem={1}",
            name,
            found);
      }
    }
  }

  /// What is wrong with the plugin; empty if nothing is. An answer counts for some seconds.
  public String check() {
    synchronized (checking) {
      if (world.nanoTime() - checkedAt < kept.toNanos()) {
        return problem;
      }
      problem = examine();
      checkedAt = world.nanoTime();
      kept = problem.isEmpty() ? KEPT_WHEN_WELL : KEPT_WHEN_ILL;
      return problem;
    }
  }

  private String examine() {
    Kms.StatusResponse status;
    try {
      status = service.status();
    } catch (GrpcException e) {
      return "failed to perform status section of the healthz check for KMS Provider "
          + name
          + ", error: "
          + e.getMessage();
    }
    List<String> problems = new ArrayList<>();
    if (!status.getHealthz().equals("ok")) {
      problems.add("got unexpected healthz status: " + status.getHealthz());
    }
    checkVersion(status.getVersion(), problems);
    checkKey(status.getKeyId(), problems);
    if (problems.isEmpty()) {
      return "";
    }
    String all =
        problems.size() == 1 ? problems.getFirst() : "[" + String.join(", ", problems) + "]";
    return "kmsv2 Provider " + name + " is not healthy, error: " + all;
  }

  private void checkVersion(String told, List<String> problems) {
    if (!told.equals("v2") && !told.equals("v2beta1")) {
      problems.add("expected KMSv2 API version v2, got " + told);
      return;
    }
    if (version.isEmpty()) {
      version = told;
    }
    if (!version.equals(told)) {
      problems.add(
          "KMSv2 API version should not change after the initial status response version "
              + version
              + ", got "
              + told);
    }
  }

  private void checkKey(String keyId, List<String> problems) {
    String fault = Envelopes.keyIdProblem(keyId);
    if (!fault.isEmpty()) {
      metrics.invalidKey(name, keyId.isEmpty() ? "empty" : "too_long");
      problems.add("got invalid KMSv2 KeyID hash \"" + Digests.of(keyId) + "\": " + fault);
      return;
    }
    metrics.toldKey(name, keyId);
    // the time begins before the plugin is called: it is the longest that a seed may be used
    Instant until = world.now().plus(LIFE_OF_SEED);
    State present = state;
    if (present != null && present.head.getKeyId().equals(keyId)) {
      state = new State(present.transformer, present.head, until);
      return;
    }
    try {
      State next = seeded(until);
      if (!next.head.getKeyId().equals(keyId)) {
        throw new TransformException(
            "the plugin encrypts with key " + Digests.of(next.head.getKeyId()));
      }
      state = next;
      seeds.put(next.head, next.transformer);
    } catch (GrpcException | TransformException e) {
      problems.add(
          "failed to rotate DEK errGen="
              + e.getMessage()
              + ", statusKeyIDHash=\""
              + Digests.of(keyId)
              + "\", stateKeyIDHash=\""
              + (present == null ? "" : Digests.of(present.head.getKeyId()))
              + "\", expirationTimestamp="
              + (present == null ? "never" : present.until.truncatedTo(ChronoUnit.SECONDS)));
    }
  }

  private State seeded(Instant until) {
    long begin = world.nanoTime();
    byte[] seed = new byte[DerivedKeyGcm.BYTES];
    world.random().nextBytes(seed);
    metrics.madeSeed(world.nanoTime() - begin);
    Kms.EncryptResponse encrypted = service.encrypt(uid(), seed);
    EncryptedObject head =
        EncryptedObject.newBuilder()
            .setKeyId(encrypted.getKeyId())
            .setEncryptedDekSource(encrypted.getCiphertext())
            .putAllAnnotations(encrypted.getAnnotationsMap())
            .setEncryptedDekSourceType(EncryptedDekSourceType.HKDF_SHA256_XNONCE_AES_GCM_SEED)
            .build();
    Envelopes.checkHead(head);
    return new State(new DerivedKeyGcm(seed, world.random()), head, until);
  }

  private String uid() {
    return ObjectNames.uid(world.random());
  }

  @Override
  public byte[] toStorage(byte[] plain, String key) {
    State present = present();
    if (world.now().isAfter(present.until)) {
      throw new TransformException(
          "encryptedDEKSource with keyID hash \"%s\" expired at %s (current time is %s)"
              .formatted(
                  Digests.of(present.head.getKeyId()),
                  present.until.truncatedTo(ChronoUnit.SECONDS),
                  world.now().truncatedTo(ChronoUnit.SECONDS)));
    }
    byte[] data = present.transformer.toStorage(plain, key);
    metrics.usedKey(name, present.head.getKeyId(), Direction.TO_STORAGE);
    return present.head.toBuilder()
        .setEncryptedData(ByteString.copyFrom(data))
        .build()
        .toByteArray();
  }

  private State present() {
    State present = state;
    if (present == null) {
      throw new TransformException("got unexpected nil transformer");
    }
    return present;
  }

  @Override
  public Plain fromStorage(byte[] stored, String key) {
    EncryptedObject object = parsed(stored);
    State present = present();
    Transformer transformer = seeds.find(object);
    if (transformer == null) {
      metrics.missedCache();
      transformer = decrypted(object);
      seeds.put(object, transformer);
    }
    metrics.usedKey(name, object.getKeyId(), Direction.FROM_STORAGE);
    Plain plain = transformer.fromStorage(object.getEncryptedData().toByteArray(), key);
    boolean stale =
        !object.getKeyId().equals(present.head.getKeyId())
            || object.getEncryptedDekSourceType() != present.head.getEncryptedDekSourceType();
    return new Plain(plain.bytes(), plain.stale() || stale);
  }

  private static EncryptedObject parsed(byte[] stored) {
    try {
      EncryptedObject object = EncryptedObject.parseFrom(stored);
      Envelopes.check(object);
      return object;
    } catch (InvalidProtocolBufferException e) {
      throw new TransformException(String.valueOf(e.getMessage()), e);
    }
  }

  private Transformer decrypted(EncryptedObject object) {
    byte[] source;
    try {
      source =
          service.decrypt(
              uid(), object.getEncryptedDekSource(), object.getKeyId(), object.getAnnotationsMap());
    } catch (GrpcException e) {
      throw new TransformException("failed to decrypt DEK, error: " + e.getMessage(), e);
    }
    return object.getEncryptedDekSourceType()
            == EncryptedDekSourceType.HKDF_SHA256_XNONCE_AES_GCM_SEED
        ? new DerivedKeyGcm(source, world.random())
        : new AesGcm(source, world.random());
  }

  @Override
  public boolean mayWait() {
    return true;
  }

  @Override
  public void close() {
    task.close();
    service.close();
  }
}
