package dev.tiphys.apiserver;

import dev.tiphys.apiserver.aggregation.Aggregator;
import dev.tiphys.apiserver.aggregation.LocalApis;
import dev.tiphys.apiserver.aggregation.Passing;
import dev.tiphys.apiserver.aggregation.RemoteApis;
import dev.tiphys.apiserver.aggregation.RemoteGroups;
import dev.tiphys.apiserver.aggregation.RemoteServers;
import dev.tiphys.apiserver.allocation.ServiceAllocator;
import dev.tiphys.apiserver.authentication.Anonymous;
import dev.tiphys.apiserver.authentication.Authentication;
import dev.tiphys.apiserver.authentication.Authenticator;
import dev.tiphys.apiserver.authentication.BootstrapTokens;
import dev.tiphys.apiserver.authentication.TokenAuthenticator;
import dev.tiphys.apiserver.authentication.Tokens;
import dev.tiphys.apiserver.authentication.jwt.ConfiguredIssuers;
import dev.tiphys.apiserver.authentication.serviceaccount.IssuerDocuments;
import dev.tiphys.apiserver.authentication.serviceaccount.LegacyTokens;
import dev.tiphys.apiserver.authentication.serviceaccount.ServiceAccountTokens;
import dev.tiphys.apiserver.authentication.serviceaccount.TokenUse;
import dev.tiphys.apiserver.authorization.config.AuthorizationConfiguration;
import dev.tiphys.apiserver.authorization.config.ConfiguredAuthorizers;
import dev.tiphys.apiserver.authorization.node.NodeAuthorizer;
import dev.tiphys.apiserver.authorization.rbac.Escalation;
import dev.tiphys.apiserver.authorization.rbac.Rbac;
import dev.tiphys.apiserver.bootstrap.AccessDefaults;
import dev.tiphys.apiserver.bootstrap.DefaultObjects;
import dev.tiphys.apiserver.bootstrap.DefaultObjects.ApiServerAddress;
import dev.tiphys.apiserver.catalog.Catalog;
import dev.tiphys.apiserver.catalog.CatalogLookup;
import dev.tiphys.apiserver.conversion.Conversions;
import dev.tiphys.apiserver.custom.Converters;
import dev.tiphys.apiserver.custom.CustomResources;
import dev.tiphys.apiserver.endpoints.Operations;
import dev.tiphys.apiserver.fairness.Fairness;
import dev.tiphys.apiserver.fairness.FlowObjects;
import dev.tiphys.apiserver.fieldmanagement.FieldManagement;
import dev.tiphys.apiserver.flow.FlowLog;
import dev.tiphys.apiserver.flow.FlowRecorder;
import dev.tiphys.apiserver.http.Connectors;
import dev.tiphys.apiserver.http.Health;
import dev.tiphys.apiserver.http.HttpFront;
import dev.tiphys.apiserver.kinds.EventLeases;
import dev.tiphys.apiserver.kinds.Strategies;
import dev.tiphys.apiserver.local.LocalApi;
import dev.tiphys.apiserver.openapi.OpenApi;
import dev.tiphys.apiserver.past.Planting;
import dev.tiphys.apiserver.pipeline.Pipeline;
import dev.tiphys.apiserver.pipeline.Router;
import dev.tiphys.apiserver.proxy.ProxyConnector;
import dev.tiphys.apiserver.request.UserInfo;
import dev.tiphys.apiserver.reviews.Reviews;
import dev.tiphys.apiserver.storage.BuiltInCodec;
import dev.tiphys.apiserver.storage.Codec;
import dev.tiphys.apiserver.streaming.LogConnector;
import dev.tiphys.apiserver.streaming.NodeAgents;
import dev.tiphys.apiserver.streaming.SessionConnector;
import dev.tiphys.apiserver.watch.Watches;
import dev.tiphys.apiserver.webhook.ServiceAddresses;
import dev.tiphys.apiserver.webhook.Webhooks;
import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.EventRecorder;
import dev.tiphys.client.features.FeatureGates;
import dev.tiphys.http.HttpHandler;
import dev.tiphys.metrics.Exposition;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.pki.Credential;
import dev.tiphys.schema.Resource;
import dev.tiphys.schema.ResourceTable;
import dev.tiphys.schema.Type;
import dev.tiphys.schema.structural.StructuralSchema;
import dev.tiphys.store.Store;
import dev.tiphys.world.SupervisedTask;
import dev.tiphys.world.World;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The API server, without the network: everything behind the door that HTTP requests come through.
///
/// Keeps no state of its own: what it knows is in the store.
///
/// Threads: any.
public final class ApiServer implements AutoCloseable {

  /// The program that has all controllers.
  private static final String CONTROLLER_MANAGER = "kube-controller-manager";

  /// How many writes are remembered for traces.
  private static final int FLOW_EVENTS = 50_000;

  private final World world;
  private final ApiServerSettings settings;
  private final List<SupervisedTask> tasks = new CopyOnWriteArrayList<>();
  private final ServiceAddresses serviceAddresses;

  private final FlowLog flow = new FlowLog(FLOW_EVENTS);
  private final CatalogLookup lookup = new CatalogLookup();
  private final Watches watches;
  private final ServiceAllocator services;
  private @Nullable EventRecorder events; // guarded by `this`
  private final AdmissionParts admission;
  private final Catalog catalog;
  private final OpenApi descriptions;
  private final Operations operations;
  private final Fairness fairness;
  private final FlowObjects flows;
  private final ConfiguredAuthorizers authorizers;
  private final Pipeline pipeline;
  private final Reviews reviews;
  private volatile @Nullable Tokens tokens;
  private final RemoteGroups groups = new RemoteGroups();
  private final RemoteApis others;
  private final Neighbours neighbours = new Neighbours();

  public ApiServer(Store store, World world) {
    this(store, world, ApiServerSettings.standard());
  }

  public ApiServer(Store store, World world, ApiServerSettings settings) {
    this.world = world;
    this.settings = settings;
    this.watches = new Watches(world);
    this.fairness = new Fairness(world, watches::interested);
    this.others = new RemoteApis(world, groups);
    services =
        new ServiceAllocator(
            settings.services(),
            store,
            world,
            lookup,
            () -> lookup.registry("networking.k8s.io", "ipaddresses"));
    Rbac rbac = new Rbac(plural -> lookup.registry(Rbac.GROUP, plural));
    NodeAuthorizer nodes =
        new NodeAuthorizer(
            lookup::registry, AccessDefaults.rulesOf("system:node", settings.gates()));
    this.authorizers = new ConfiguredAuthorizers(world, nodes, rbac);
    Strategies.Dependencies dependencies =
        new Strategies.Dependencies(
            world,
            new EventLeases(store, world, settings.eventLife()),
            services,
            new Escalation(rbac, authorizers),
            settings.gates());
    List<Resource> builtIn = served(settings);
    this.serviceAddresses = new ServiceAddresses(lookup, world.random());
    Webhooks webhooks = new Webhooks(serviceAddresses);
    Converters converters = Converters.of(webhooks, world);
    this.admission =
        new AdmissionParts(world, settings, lookup, authorizers, webhooks, this::events);
    this.catalog =
        new Catalog(
            builtIn,
            unserved(settings),
            store,
            world,
            admission.all(),
            new FlowRecorder(world, flow),
            resource -> Strategies.of(resource, dependencies),
            resource -> codec(resource, converters),
            settings.encryption(),
            new Conversions());
    this.descriptions = new OpenApi(catalog);
    lookup.connect(catalog);
    this.operations =
        new Operations(
            watches,
            BuiltInSubresources.of(world, settings, catalog, lookup),
            new FieldManagement(catalog::find, world));
    this.pipeline = new Pipeline(fairness, authorizers, new Router(catalog), settings.auditor());
    this.reviews =
        new Reviews(
            world,
            catalog,
            operations,
            admission.all(),
            authorizers,
            authorizers,
            () -> Objects.requireNonNull(tokens, "no request was authenticated yet"));
    tasks.add(new CustomResources(catalog, builtIn, watches, converters, world).start());
    this.flows = new FlowObjects(catalog, watches, fairness, world);
    flows.start();
  }

  private static List<Resource> served(ApiServerSettings settings) {
    return ResourceTable.builtIn().stream()
        .filter(resource -> settings.served().serves(resource, settings.gates()))
        .toList();
  }

  /// What this server works with itself, even where no client can.
  private static List<Resource> unserved(ApiServerSettings settings) {
    return ResourceTable.builtIn().stream()
        .filter(resource -> !settings.served().serves(resource, settings.gates()))
        .filter(resource -> RuntimeConfig.DEFAULT.serves(resource, FeatureGates.DEFAULT))
        .toList();
  }

  /// What writes the server's own events: it starts with the first one.
  private synchronized EventRecorder events() {
    EventRecorder made = events;
    if (made == null) {
      made = new EventRecorder(world, api("system:apiserver"), "kube-apiserver", "");
      events = made;
    }
    return made;
  }

  private static Codec codec(Resource resource, Converters converters) {
    Resource.Storage storage = Objects.requireNonNull(resource.storage());
    return switch (resource.schema()) {
      case Type type -> new BuiltInCodec(resource, type, storage.groupVersion());
      case StructuralSchema schema -> converters.codec(resource, schema);
    };
  }

  /// Authorizes requests otherwise than by the usual authorizers: Node, then RBAC.
  ///
  /// @throws IOException if a webhook's kubeconfig can't be used
  public void authorizeBy(AuthorizationConfiguration configuration) throws IOException {
    authorizers.use(configuration);
  }

  /// Goes by what a file says of authorizers, whenever it changes.
  public void followAuthorization(Path file) {
    tasks.add(world.supervisor().start("authorization-config", () -> authorizers.follow(file)));
  }

  /// The resources that are served, which can be replaced.
  Catalog catalog() {
    return catalog;
  }

  /// The API for an administrator in this process, which may do everything.
  ///
  /// @param user the name it goes by, also as the manager of fields
  public Api api(String user) {
    return api(user, user);
  }

  /// The API for an administrator in this process, which may do everything.
  ///
  /// @param user the name it goes by
  /// @param program the manager of the fields that it writes
  public Api api(String user, String program) {
    return api(UserInfo.of(user, UserInfo.MASTERS, UserInfo.AUTHENTICATED), user, program);
  }

  /// The API for a controller in this process, with the rights of its service account; those of the
  /// whole program for what its controllers share.
  ///
  /// @param name of the controller, and of its service account; or of the program
  /// @param manager the manager of the fields that it writes
  public Api controllerApi(String name, String manager) {
    UserInfo user =
        name.equals(CONTROLLER_MANAGER)
            ? UserInfo.of("system:" + name, UserInfo.AUTHENTICATED)
            : UserInfo.ofServiceAccount("kube-system", name);
    return api(user, name, manager);
  }

  /// The API for a part of the cluster that lives in this process.
  ///
  /// @param user which rights it has
  /// @param part what traces call it
  /// @param program the manager of the fields that it writes
  public Api api(UserInfo user, String part, String program) {
    return new LocalApi(
        catalog, others, descriptions, operations, pipeline, reviews, user, part, program);
  }

  /// Puts an object into the store as another cluster has it: with its UID, times, owners and
  /// status, unasked by admission and unchecked.
  ///
  /// @param object in the version of the resource
  /// @return whether this server has such a resource
  /// @throws dev.tiphys.schema.DecodingException if the object is none of its kind
  public boolean plant(ApiResource resource, Struct object) {
    return new Planting(catalog).plant(resource, object);
  }

  /// The objects that every cluster has.
  public DefaultObjects defaults(ApiServerAddress address) {
    return new DefaultObjects(
        world,
        api("system:apiserver", "kube-apiserver"),
        api("system:apiserver", "api-priority-and-fairness-config-producer-v1"),
        address,
        services,
        catalog.groupVersions(),
        settings.gates());
  }

  /// How clients prove their identity.
  ///
  /// @param requests in other ways than by tokens
  /// @param others by other tokens than those that the cluster issues
  /// @param anonymous which requests need not prove anything at the moment
  public Authentication authentication(
      List<Authenticator> requests,
      List<TokenAuthenticator> others,
      Supplier<Anonymous> anonymous) {
    List<TokenAuthenticator> all =
        new ArrayList<>(
            List.of(
                new ServiceAccountTokens(world, settings.tokens(), lookup),
                new LegacyTokens(
                    settings.tokens().keys(),
                    lookup,
                    new TokenUse(world, api("system:apiserver", "kube-apiserver"))),
                new BootstrapTokens(world, lookup)));
    all.addAll(others);
    Tokens kinds = new Tokens(world, all, settings.tokens().audiences());
    this.tokens = kinds;
    return new Authentication(world, requests, kinds, anonymous);
  }

  /// Follows a file of issuers for as long as the server runs.
  public void followAuthentication(ConfiguredIssuers issuers, Path file) {
    tasks.add(
        world
            .supervisor()
            .start("authentication", () -> issuers.follow(file, settings.tokens().issuers())));
  }

  /// What answers requests over HTTP.
  ///
  /// @param authentication how callers prove their identity
  /// @param health what else `/readyz` and `/livez` look at
  /// @param agentClient what the server proves itself to the agents of nodes with
  /// @param frontProxy what the server proves to servers of other groups that it may speak for
  ///   users
  public HttpHandler handler(
      Authentication authentication,
      Health health,
      Supplier<Credential> agentClient,
      Supplier<Credential> frontProxy) {
    RemoteServers servers = new RemoteServers(serviceAddresses, frontProxy);
    others.reachThrough(servers);
    tasks.add(new LocalApis(world, catalog, watches).start());
    Aggregator aggregator = new Aggregator(world, catalog, watches, servers, groups);
    tellToo(aggregator::write);
    tasks.add(aggregator.start());
    NodeAgents agents = new NodeAgents(catalog, agentClient);
    settings.encryption().addTo(health);
    Connectors connectors =
        new Connectors()
            .add("pods/log", new LogConnector(agents))
            .add("pods/exec", new SessionConnector(world, agents, "exec"))
            .add("pods/attach", new SessionConnector(world, agents, "attach"))
            .add("pods/portforward", new SessionConnector(world, agents, "portForward"));
    ProxyConnector.addTo(connectors, world, lookup, agents, neighbours::isPlace);
    return HttpFront.handler(
        world,
        catalog,
        descriptions,
        operations,
        pipeline,
        fairness,
        authentication,
        reviews,
        health,
        connectors,
        flow,
        settings.eventLife(),
        new IssuerDocuments(settings.tokens()),
        groups,
        new Passing(world, groups, servers),
        admission.webhookLog(),
        neighbours::document,
        this::writeMore);
  }

  @Override
  public synchronized void close() {
    if (events != null) {
      events.close();
    }
    tasks.forEach(SupervisedTask::close);
    flows.close();
    watches.close();
    settings.encryption().close();
    settings.auditor().close();
  }

  /// Lets `/metrics` tell what other parts of this process count too.
  public void tellToo(Consumer<Exposition> metrics) {
    neighbours.add(metrics);
  }

  /// Has another part of this process refuse objects that it could not work with, as a validating
  /// webhook of its own would.
  ///
  /// @param webhook its name
  /// @param refusal says why an object that is made or changed can't be as it is; empty if it can
  /// @param warnings what the writer is told of an object that is taken
  public void reviewToo(
      String webhook,
      String group,
      String plural,
      Function<Struct, String> refusal,
      Function<Struct, List<String>> warnings) {
    admission.reviewToo(webhook, group, plural, refusal, warnings);
  }

  /// Lets paths outside of resources be answered with what other parts of this process have to
  /// tell. Who may ask is decided by the path, as for other pages.
  ///
  /// @param documents by paths; absent where there is nothing
  public void answerToo(Function<String, Optional<Struct>> documents) {
    neighbours.answer(documents);
  }

  /// Lets requests for Services be passed on to another part of this process, whose address is no
  /// Pod's.
  ///
  /// @param places whether it is reached at an address (`host:port`), and meant by a Service
  public void passOnToo(BiPredicate<ObjectKey, String> places) {
    neighbours.reach(places);
  }

  private void writeMore(Exposition out) {
    neighbours.write(out);
    settings.gates().write(out);
    admission.write(out);
    settings.encryption().write(out);
    settings.auditor().write(out);
  }
}
