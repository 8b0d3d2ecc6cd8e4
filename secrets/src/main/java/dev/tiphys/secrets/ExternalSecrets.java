package dev.tiphys.secrets;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.EventRecorder;
import dev.tiphys.client.Informer;
import dev.tiphys.client.Informers;
import dev.tiphys.client.defaults.DefaultObjects;
import dev.tiphys.client.defaults.ServedKinds;
import dev.tiphys.client.leader.Charge;
import dev.tiphys.client.leader.Leavable;
import dev.tiphys.client.leader.OtherHolder;
import dev.tiphys.client.outbound.HttpTransport;
import dev.tiphys.client.outbound.ServiceAddresses;
import dev.tiphys.metrics.Exposition;
import dev.tiphys.secrets.cluster.ClusterExternalSecretController;
import dev.tiphys.secrets.data.Rewrites;
import dev.tiphys.secrets.generator.FakeGenerator;
import dev.tiphys.secrets.generator.Generator;
import dev.tiphys.secrets.generator.Generators;
import dev.tiphys.secrets.generator.PasswordGenerator;
import dev.tiphys.secrets.generator.StateController;
import dev.tiphys.secrets.generator.UuidGenerator;
import dev.tiphys.secrets.generator.aws.RegistryLogin;
import dev.tiphys.secrets.generator.vault.VaultGenerator;
import dev.tiphys.secrets.generator.webhook.WebhookGenerator;
import dev.tiphys.secrets.kept.KeptSecrets;
import dev.tiphys.secrets.kept.Renderer;
import dev.tiphys.secrets.metrics.SyncMetrics;
import dev.tiphys.secrets.model.Review;
import dev.tiphys.secrets.model.SecretsResources;
import dev.tiphys.secrets.provider.Provider;
import dev.tiphys.secrets.provider.aws.AwsProvider;
import dev.tiphys.secrets.provider.aws.client.AwsEnvironment;
import dev.tiphys.secrets.provider.fake.FakeProvider;
import dev.tiphys.secrets.provider.kubernetes.KubernetesProvider;
import dev.tiphys.secrets.provider.vault.VaultProvider;
import dev.tiphys.secrets.provider.webhook.WebhookProvider;
import dev.tiphys.secrets.push.PushSecretController;
import dev.tiphys.secrets.push.PushTools;
import dev.tiphys.secrets.stores.OpenStores;
import dev.tiphys.secrets.stores.StoreController;
import dev.tiphys.secrets.stores.Stores;
import dev.tiphys.secrets.sync.Explanation;
import dev.tiphys.secrets.sync.ExternalSecretController;
import dev.tiphys.secrets.sync.LastReads;
import dev.tiphys.secrets.sync.SyncTools;
import dev.tiphys.secrets.validation.Reviews;
import dev.tiphys.template.Functions;
import dev.tiphys.world.SupervisedTask;
import dev.tiphys.world.World;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// All that a cluster needs to have secrets of stores outside of it: their kinds, and what acts on
/// them.
///
/// Where another program holds the well-known Lease in a namespace of its own, it is left in
/// charge, and every ExternalSecret has an event that says so.
///
/// Threads: any.
public final class ExternalSecrets implements Leavable {

  /// What it is called in requests, and whose rights it has.
  public static final String NAME = "external-secrets";

  /// The user that acts on them.
  public static final String USER = "system:tiphys:external-secrets";

  /// What a controller of ExternalSecrets holds while it works.
  public static final String LEASE = "external-secrets-controller";

  static final List<Generator> GENERATORS =
      List.of(new PasswordGenerator(), new UuidGenerator(), new FakeGenerator());
  private static final String OWN_NAMESPACE = "kube-system";
  private static final String COMPONENT = "external-secrets";

  private final World world;
  private final Api api;
  private final DefaultObjects definitions;
  private final Charge charge = new Charge();
  private final SyncMetrics metrics = new SyncMetrics();
  private final OtherHolder other;
  private final Informers informers;
  private final KeptSecrets kept;
  private final EventRecorder events;
  private final EventRecorder pushEvents;
  private final OpenStores open;
  private final Generators generators;
  private final StateController states;
  private final List<StoreController> stores;
  private final Explanation explanation;
  private final ExternalSecretController secrets;
  private final ClusterExternalSecretController ofNamespaces;
  private final PushSecretController pushing;
  private final SupervisedTask starting;

  private ExternalSecrets(World world, Api api, List<Provider> providers, List<Generator> made) {
    this.world = world;
    this.api = api;
    this.definitions =
        new DefaultObjects(
                world, api, NAME, List.of(ApiResource.CUSTOM_RESOURCE_DEFINITIONS), Definitions.ALL)
            .start();
    this.informers = new Informers(world, api);
    this.kept = new KeptSecrets(world, api);
    this.events = new EventRecorder(world, api, COMPONENT, "");
    this.pushEvents = new EventRecorder(world, api, "pushsecret", "");
    HttpTransport transport =
        new HttpTransport(new ServiceAddresses(informers.of(ApiResource.SERVICES)));
    this.open = new OpenStores(world, api, transport, metrics::called, byName(providers));
    Informer namespaced = informers.of(SecretsResources.SECRET_STORES);
    Informer cluster = informers.of(SecretsResources.CLUSTER_SECRET_STORES);
    Informer pushed = informers.of(SecretsResources.PUSH_SECRETS);
    this.stores =
        List.of(
            new StoreController(world, api, namespaced, pushed, open, events, metrics, charge),
            new StoreController(world, api, cluster, pushed, open, events, metrics, charge));
    this.generators = new Generators(world, api, transport, made);
    this.states =
        new StateController(
            world, api, informers.of(SecretsResources.GENERATOR_STATES), generators, charge);
    Functions functions = Functions.externalSecrets(world);
    Stores known = new Stores(namespaced, cluster, informers.of(ApiResource.NAMESPACES));
    Rewrites rewrites = new Rewrites(functions);
    Renderer renderer = new Renderer(api, functions);
    SyncTools tools =
        new SyncTools(
            world,
            api,
            kept,
            known,
            open,
            generators,
            rewrites,
            renderer,
            events,
            metrics,
            new LastReads());
    this.explanation = new Explanation(informers.of(SecretsResources.EXTERNAL_SECRETS), tools);
    this.pushing =
        new PushSecretController(
            pushed,
            new PushTools(
                world, api, known, open, generators, rewrites, renderer, pushEvents, metrics),
            charge);
    this.secrets =
        new ExternalSecretController(
            informers.of(SecretsResources.EXTERNAL_SECRETS), tools, charge);
    this.ofNamespaces =
        new ClusterExternalSecretController(
            world,
            api,
            informers.of(SecretsResources.CLUSTER_EXTERNAL_SECRETS),
            informers.of(SecretsResources.EXTERNAL_SECRETS),
            informers.of(ApiResource.NAMESPACES),
            metrics,
            charge);
    this.other = new OtherHolder(world, api, LEASE, OWN_NAMESPACE).onChange(charge::leaveTo);
    this.starting = world.supervisor().start(NAME, this::begin);
    other.start();
  }

  private static Map<String, Provider> byName(List<Provider> providers) {
    Map<String, Provider> all = new HashMap<>();
    providers.forEach(each -> all.put(each.name(), each));
    return all;
  }

  /// Starts it.
  ///
  /// @param api as it sees the cluster
  public static ExternalSecrets start(World world, Api api) {
    AwsEnvironment aws = AwsEnvironment.ofProcess();
    List<Generator> made = new ArrayList<>(GENERATORS);
    made.add(new RegistryLogin(aws));
    made.add(new VaultGenerator(world));
    made.add(new WebhookGenerator());
    return start(world, api, providers(aws), made);
  }

  private static List<Provider> providers(AwsEnvironment aws) {
    return List.of(
        new AwsProvider(aws),
        new FakeProvider(),
        new KubernetesProvider(),
        new VaultProvider(),
        new WebhookProvider());
  }

  /// What reviews their objects before they are made or changed. Any server may ask, whether or not
  /// it acts on them.
  public static List<Review> reviews() {
    return Reviews.all(byName(providers(AwsEnvironment.ofProcess())));
  }

  /// @param providers the kinds of stores
  /// @param made the kinds of generators
  static ExternalSecrets start(
      World world, Api api, List<Provider> providers, List<Generator> made) {
    return new ExternalSecrets(world, api, providers, made);
  }

  private void begin() throws InterruptedException {
    ServedKinds.await(
        world,
        api,
        List.of(
            SecretsResources.SECRET_STORES,
            SecretsResources.CLUSTER_SECRET_STORES,
            SecretsResources.EXTERNAL_SECRETS,
            SecretsResources.CLUSTER_EXTERNAL_SECRETS,
            SecretsResources.PUSH_SECRETS,
            SecretsResources.GENERATOR_STATES));
    informers.start();
    kept.start();
    informers.awaitSynced();
    stores.forEach(StoreController::start);
    states.start();
    secrets.start();
    ofNamespaces.start();
    pushing.start();
  }

  @Override
  public String leftTo() {
    return other.holder().orElse("");
  }

  /// What there is to know of an ExternalSecret: see [Explanation].
  public Explanation explanation() {
    return explanation;
  }

  /// Tells what was done, and how objects stand.
  public void write(Exposition out) {
    metrics.write(out);
  }

  @Override
  public void close() {
    other.close();
    starting.close();
    pushing.close();
    ofNamespaces.close();
    secrets.close();
    states.close();
    stores.forEach(StoreController::close);
    generators.close();
    open.close();
    kept.close();
    informers.close();
    pushEvents.close();
    events.close();
    definitions.close();
  }
}
