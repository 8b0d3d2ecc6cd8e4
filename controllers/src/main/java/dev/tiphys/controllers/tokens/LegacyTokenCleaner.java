package dev.tiphys.controllers.tokens;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.DeleteOptions;
import dev.tiphys.client.Informer;
import dev.tiphys.client.PatchType;
import dev.tiphys.controllers.common.ClusterView;
import dev.tiphys.controllers.common.Component;
import dev.tiphys.object.Struct;
import dev.tiphys.object.Timestamps;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Meta;
import dev.tiphys.world.SupervisedTask;
import dev.tiphys.world.World;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Takes away, once a day, the tokens of service accounts that older clusters made by themselves
/// and that nothing uses: one that was not used for a year is marked as invalid, and deleted if it
/// was not used in the year after that either. Tokens that were made by hand stay. See
/// <https://kep.k8s.io/2799>.
public final class LegacyTokenCleaner implements Component {

  public static final String NAME = "legacy-service-account-token-cleaner";

  private static final System.Logger LOG = System.getLogger(LegacyTokenCleaner.class.getName());
  private static final Duration PERIOD = Duration.ofHours(24);
  private static final String LAST_USED = "kubernetes.io/legacy-token-last-used";
  private static final String INVALID_SINCE = "kubernetes.io/legacy-token-invalid-since";

  /// For how long upstream lets a token be unused.
  public static final Duration YEAR = Duration.ofHours(8760);

  private final World world;
  private final Api api;
  private final Informer secrets;
  private final Informer accounts;
  private final Informer pods;
  private final Duration unused;
  private @Nullable SupervisedTask task;

  /// @param unused for how long a token is not used before it is marked, and then before it goes
  public LegacyTokenCleaner(World world, Api api, ClusterView cluster, Duration unused) {
    this.world = world;
    this.unused = unused;
    this.api = api;
    this.secrets = cluster.of(ApiResource.SECRETS);
    this.accounts = cluster.of(ApiResource.SERVICE_ACCOUNTS);
    this.pods = cluster.of(ApiResource.PODS);
  }

  @Override
  public void start() {
    task = world.supervisor().start(NAME, this::run);
  }

  private void run() throws InterruptedException {
    while (true) {
      try {
        clean();
      } catch (ApiException e) {
        LOG.log(Level.WARNING, "unused tokens could not be looked for: error={0}", e.message());
      }
      world.background().sleep(PERIOD);
    }
  }

  private void clean() {
    Instant limit = world.now().minus(unused);
    LocalDate tracked = trackedSince();
    if (tracked == null
        || limit.isBefore(tracked.plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant())) {
      return; // what was used before that is not known
    }
    for (Struct secret : secrets.list()) {
      if (isUnused(secret, limit)) {
        decide(secret, day(limit));
      }
    }
  }

  private static LocalDate day(Instant time) {
    return LocalDate.ofInstant(time, ZoneOffset.UTC);
  }

  /// Since when the API server notes which tokens are used; null if it does not say.
  private @Nullable LocalDate trackedSince() {
    Struct map =
        api.find(
            ApiResource.CONFIG_MAPS,
            "kube-system",
            "kube-apiserver-legacy-service-account-token-tracking");
    return map == null ? null : date(map.string("data", "since"));
  }

  private static @Nullable LocalDate date(String text) {
    try {
      return LocalDate.parse(text);
    } catch (DateTimeParseException e) {
      return null;
    }
  }

  /// Whether a Secret holds a token that was made by itself long ago, and nothing needs.
  private boolean isUnused(Struct secret, Instant limit) {
    Meta meta = Meta.of(secret);
    Instant made = Timestamps.of(secret.get("metadata", "creationTimestamp"));
    if (!secret.string("type").equals("kubernetes.io/service-account-token")
        || made == null
        || !made.isBefore(limit)
        || meta.isBeingDeleted()) {
      return false;
    }
    if (meta.labels().has(LAST_USED)) {
      LocalDate used = date(meta.labels().string(LAST_USED));
      if (used == null || !used.isBefore(day(limit))) {
        return false;
      }
    }
    return isMadeByItself(secret) && !isNeededByPod(meta);
  }

  private boolean isMadeByItself(Struct secret) {
    Meta meta = Meta.of(secret);
    String uid = meta.annotation("kubernetes.io/service-account.uid");
    Struct account =
        accounts.find(meta.namespace(), meta.annotation("kubernetes.io/service-account.name"));
    return account != null
        && (uid.isEmpty() || uid.equals(Meta.of(account).uid()))
        && account.structs("secrets").stream()
            .anyMatch(reference -> reference.string("name").equals(meta.name()));
  }

  private boolean isNeededByPod(Meta secret) {
    Set<String> needed = new HashSet<>();
    pods.list(secret.namespace()).forEach(pod -> needed.addAll(PodSecrets.of(pod)));
    return needed.contains(secret.name());
  }

  private void decide(Struct secret, LocalDate limit) {
    Meta meta = Meta.of(secret);
    LocalDate invalid = date(meta.labels().string(INVALID_SINCE));
    try {
      if (invalid == null) {
        String today = day(world.now()).toString();
        Struct metadata = Struct.of("uid", meta.uid(), "labels", Struct.of(INVALID_SINCE, today));
        api.patch(
            ApiResource.SECRETS,
            meta.namespace(),
            meta.name(),
            "",
            PatchType.MERGE,
            Struct.of("metadata", metadata));
      } else if (invalid.isBefore(limit)) {
        api.delete(
            ApiResource.SECRETS,
            meta.namespace(),
            meta.name(),
            new DeleteOptions(-1, "", "", meta.resourceVersion()));
      }
    } catch (ApiException e) {
      LOG.log(
          Level.WARNING,
          "an unused token could not be taken away: secret={0}/{1} error={2}",
          meta.namespace(),
          meta.name(),
          e.message());
    }
  }

  @Override
  public void close() {
    SupervisedTask running = task;
    if (running != null) {
      running.close();
    }
  }
}
