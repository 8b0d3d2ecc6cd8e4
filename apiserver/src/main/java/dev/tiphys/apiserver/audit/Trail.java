package dev.tiphys.apiserver.audit;

import dev.tiphys.apiserver.audit.AuditPolicy.Recording;
import dev.tiphys.apiserver.audit.Auditor.Arrival;
import dev.tiphys.apiserver.authorization.Attributes.Subject;
import dev.tiphys.apiserver.authorization.Decision;
import dev.tiphys.apiserver.request.Latencies;
import dev.tiphys.apiserver.request.Latencies.Layer;
import dev.tiphys.apiserver.request.UserInfo;
import dev.tiphys.object.GoDuration;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.Timestamps;
import dev.tiphys.object.api.ApiException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What is recorded of one request: it is told what happens, and makes events of it at those stages
/// that the policy wants. Until it was begun, and where nothing is recorded, it takes no notice.
///
/// Threads: one, the request's own.
public final class Trail {

  /// Of a request of which nothing is recorded.
  public static final Trail OFF = new Trail(null, null);

  private static final int LONGEST_AGENT = 1024;

  /// Slower requests tell where their time went.
  private static final Duration SLOW = Duration.ofMillis(500);

  private final @Nullable Auditor auditor;
  private final @Nullable Arrival arrival;
  private final Map<String, String> annotations = new TreeMap<>();
  private @Nullable Recording recording; // null until begun, and once it has ended
  private final Latencies latencies = new Latencies();
  private Struct about = Struct.EMPTY;
  private Struct reference = Struct.EMPTY;
  private boolean isLong;
  private @Nullable Struct impersonated;
  private String constrained = "";
  private @Nullable Struct status;
  private @Nullable Object asked;
  private @Nullable Object answer;
  private boolean started;
  private boolean endsAtStart;

  Trail(@Nullable Auditor auditor, @Nullable Arrival arrival) {
    this.auditor = auditor;
    this.arrival = arrival;
  }

  /// A time to give to [#took].
  public long clock() {
    return auditor == null ? 0 : auditor.nanoTime();
  }

  /// A layer has taken the time since `begun`.
  public void took(Layer layer, long begun) {
    if (auditor != null) {
      latencies.add(layer, auditor.nanoTime() - begun);
    }
  }

  /// The request has waited for things.
  public void took(@Nullable Latencies more) {
    if (recording != null && more != null) {
      latencies.addAll(more);
    }
  }

  private void annotateLatencies(Duration total) {
    if (total.compareTo(SLOW) > 0 && !about.string("verb").equals("watch")) {
      String prefix = "apiserver.latency.k8s.io/";
      latencies.forEach((layer, span) -> annotate(prefix + layer.word(), GoDuration.text(span)));
      annotate(prefix + "total", GoDuration.text(total.toNanos()));
    }
  }

  /// Begins, once it is known who asks for what.
  ///
  /// @param isLong whether the answer goes on for as long as the client likes
  /// @throws ApiException `INTERNAL_ERROR` if the request can't be recorded, and must be
  public void begin(UserInfo user, String verb, Subject subject, boolean isLong) {
    if (decide(user, verb, subject, isLong) && !process(Stage.REQUEST_RECEIVED)) {
      recording = null;
      if (auditor != null) {
        auditor.rejected();
      }
      throw ApiException.internal("failed to store audit event");
    }
  }

  /// Begins for a request whose sender could not prove an identity: there is one event, of its
  /// refusal.
  ///
  /// @param attempt how it tried
  public void unauthenticated(String verb, Subject subject, String attempt) {
    if (decide(null, verb, subject, true)) {
      endsAtStart = true;
      status = Struct.of("metadata", Struct.EMPTY, "message", attempt);
    }
  }

  /// Whether anything is recorded.
  private boolean decide(@Nullable UserInfo user, String verb, Subject subject, boolean endless) {
    if (auditor == null) {
      return false;
    }
    Recording decided = auditor.policy().of(user, verb, subject);
    auditor.decided(decided);
    if (decided.level() == Level.NONE) {
      return false;
    }
    recording = decided;
    isLong = endless;
    about = Struct.of("verb", verb, "user", user == null ? Struct.EMPTY : struct(user));
    reference = subject instanceof Subject.OfResource resource ? reference(resource) : Struct.EMPTY;
    return true;
  }

  private static Struct struct(UserInfo user) {
    StructBuilder extra = new StructBuilder();
    new TreeMap<>(user.extra()).forEach(extra::add);
    return new StructBuilder()
        .addUnlessEmpty("username", user.name())
        .addUnlessEmpty("uid", user.uid())
        .addUnlessEmpty("groups", user.groups())
        .addUnlessEmpty("extra", extra.build())
        .build();
  }

  private static Struct reference(Subject.OfResource resource) {
    return new StructBuilder()
        .addUnlessEmpty("resource", resource.plural())
        .addUnlessEmpty("namespace", resource.namespace())
        .addUnlessEmpty("name", resource.name())
        .addUnlessEmpty("apiGroup", resource.group())
        .addUnlessEmpty("apiVersion", resource.version())
        .addUnlessEmpty("subresource", resource.subresource())
        .build();
  }

  /// Whether so much is recorded.
  private boolean records(Level level) {
    return recording != null && recording.level().includes(level);
  }

  /// The request is served in another user's name.
  ///
  /// @param constraint the verb by which this was allowed for certain requests only; empty if it
  ///   was for all
  public void impersonated(UserInfo user, String constraint) {
    if (records(Level.METADATA)) {
      impersonated = struct(user);
      constrained = constraint;
    }
  }

  /// It was decided whether the request may go on.
  public void authorized(Decision decision) {
    if (!records(Level.METADATA)) {
      return;
    }
    if (decision.isAllowed()) {
      annotate("authorization.k8s.io/decision", "allow");
      annotate("authorization.k8s.io/reason", decision.reason());
    } else if (!decision.error().isEmpty()) {
      annotate("authorization.k8s.io/reason", "internal error");
    } else {
      annotate("authorization.k8s.io/decision", "forbid");
      annotate("authorization.k8s.io/reason", decision.reason());
    }
  }

  /// Something else is to be known of the request. The first value of a key stays.
  public void annotate(String key, String value) {
    if (recording != null) {
      annotations.putIfAbsent(key, value);
    }
  }

  /// As [#annotate], for several.
  public void annotate(Map<String, String> more) {
    more.forEach(this::annotate);
  }

  /// As [#annotate], if the content of the request is recorded.
  public void annotateContent(Map<String, String> more) {
    if (records(Level.REQUEST)) {
      more.forEach(this::annotate);
    }
  }

  /// An object came with the request.
  public void asked(Struct object) {
    if (!records(Level.METADATA)) {
      return;
    }
    Struct metadata = object.struct("metadata");
    for (String field : new String[] {"namespace", "name", "uid", "resourceVersion"}) {
      if (!reference.has(field) && !metadata.string(field).isEmpty()) {
        reference = reference.with(field, metadata.string(field));
      }
    }
    if (records(Level.REQUEST)) {
      asked = shown(object);
    }
  }

  /// The object that came with the request was understood: it is recorded with its defaults.
  public void decoded(@Nullable Struct object) {
    if (object != null && records(Level.REQUEST)) {
      asked = shown(object);
    }
  }

  /// A patch came with the request.
  public void askedBy(Object patch) {
    if (records(Level.REQUEST)) {
      asked = patch;
    }
  }

  /// Whether the content of the answer is wanted.
  public boolean wantsAnswer() {
    return records(Level.REQUEST_RESPONSE);
  }

  /// What the answer says.
  public void answered(Struct object) {
    if (records(Level.METADATA) && object.string("kind").equals("Status")) {
      status =
          new StructBuilder()
              .add("metadata", Struct.EMPTY)
              .addUnlessEmpty("status", object.string("status"))
              .addUnlessEmpty("message", object.string("message"))
              .addUnlessEmpty("reason", object.string("reason"))
              .addUnlessEmpty("details", object.struct("details"))
              .add("code", object.integer("code"))
              .build();
    }
    if (wantsAnswer()) {
      answer = shown(object);
    }
  }

  /// The head of the answer is sent.
  public void started(int code) {
    if (recording == null || started) {
      return;
    }
    started = true;
    status =
        (status == null ? Struct.of("metadata", Struct.EMPTY) : status).with("code", (long) code);
    if (isLong) {
      process(Stage.RESPONSE_STARTED);
    }
  }

  /// The request has been answered.
  public void complete() {
    if (recording == null) {
      return;
    }
    if (!started) {
      status =
          Struct.of(
              "metadata", Struct.EMPTY, "status", "Success", "message", "Connection closed early");
      started(200);
    }
    if (!endsAtStart) {
      if (auditor != null && arrival != null) {
        annotateLatencies(Duration.between(arrival.time(), auditor.now()));
      }
      process(Stage.RESPONSE_COMPLETE);
    }
    recording = null;
  }

  /// Serving the request failed in a way that must not be.
  public void failed(Throwable cause) {
    if (recording == null) {
      return;
    }
    status =
        new StructBuilder()
            .add("metadata", Struct.EMPTY)
            .add("status", "Failure")
            .add("message", "APIServer panic'd: " + cause)
            .add("reason", "InternalError")
            .add("code", 500L)
            .build();
    process(Stage.PANIC);
    recording = null;
  }

  /// An object as it is shown.
  private Struct shown(Struct object) {
    return recording != null && recording.omitsManagers() ? Managers.omitted(object) : object;
  }

  private boolean process(Stage stage) {
    Recording present = recording;
    if (auditor == null
        || arrival == null
        || present == null
        || present.omitted().contains(stage)) {
      return true;
    }
    Instant at = stage == Stage.REQUEST_RECEIVED ? arrival.time() : auditor.now();
    StructBuilder event =
        new StructBuilder()
            .add("kind", "Event")
            .add("apiVersion", "audit.k8s.io/v1")
            .add("level", present.level().word())
            .add("auditID", arrival.id())
            .add("stage", stage.word())
            .add("requestURI", arrival.uri())
            .add("verb", about.string("verb"))
            .add("user", about.struct("user"));
    if (impersonated != null) {
      event.add("impersonatedUser", impersonated);
    }
    if (!constrained.isEmpty()) {
      event.add("authenticationMetadata", Struct.of("impersonationConstraint", constrained));
    }
    event
        .addUnlessEmpty("sourceIPs", arrival.addresses())
        .addUnlessEmpty("userAgent", agent(arrival.agent()))
        .addUnlessEmpty("objectRef", reference);
    if (status != null) {
      event.add("responseStatus", status);
    }
    if (asked != null) {
      event.add("requestObject", asked);
    }
    if (answer != null) {
      event.add("responseObject", answer);
    }
    event
        .add("requestReceivedTimestamp", Timestamps.micros(arrival.time()))
        .add("stageTimestamp", Timestamps.micros(at));
    if (!annotations.isEmpty()) {
      StructBuilder all = new StructBuilder();
      annotations.forEach(all::add);
      event.add("annotations", all.build());
    }
    return auditor.process(new AuditEvent(present.level(), event.build()));
  }

  private static String agent(String agent) {
    return agent.length() > LONGEST_AGENT
        ? agent.substring(0, LONGEST_AGENT) + "...TRUNCATED"
        : agent;
  }
}
