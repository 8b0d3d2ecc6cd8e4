package dev.tiphys.apiserver.request;

import dev.tiphys.object.Struct;
import dev.tiphys.schema.Resource;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One request, as the stations behind authorization need to know it: in whose name, with what
/// options, and what the caller is to be warned of.
///
/// Threads: one, the request's own.
public final class Call {

  private final UserInfo user;
  private final String part;
  private final String manager;
  private final long cause;
  private final boolean dryRun;
  private final @Nullable Instant received;
  private final Turn turn;
  private final Purpose purpose;
  private final Notes notes;

  /// What is asked for, as admission is told.
  ///
  /// @param served the resource in the version that the client speaks; null if no client asks
  /// @param options those of the query, or of the content of a deletion, without their kind
  /// @param admitted whether admission has had its say
  private record Purpose(@Nullable Resource served, Struct options, boolean admitted) {
    static final Purpose NONE = new Purpose(null, Struct.EMPTY, false);
  }

  /// What is noted down while the request is served.
  private static final class Notes {
    private final List<String> warnings = new ArrayList<>(0);
    private @Nullable Map<String, String> annotations;
    private @Nullable Map<String, String> contentAnnotations;
    private @Nullable Latencies latencies;
    private @Nullable Struct object;
  }

  /// @param manager the name that counts as the manager of the fields that are written, and as the
  ///   part of the cluster that writes
  /// @param cause the revision that the caller reacts to, or 0
  /// @param dryRun whether everything is to be done but the write
  public Call(UserInfo user, String manager, long cause, boolean dryRun) {
    this(user, manager, manager, cause, dryRun, null, Turn.FREE, Purpose.NONE, new Notes());
  }

  private Call(
      UserInfo user,
      String part,
      String manager,
      long cause,
      boolean dryRun,
      @Nullable Instant received,
      Turn turn,
      Purpose purpose,
      Notes notes) {
    this.user = user;
    this.part = part;
    this.manager = manager;
    this.cause = cause;
    this.dryRun = dryRun;
    this.received = received;
    this.turn = turn;
    this.purpose = purpose;
    this.notes = notes;
  }

  /// The same call, as a dry run.
  public Call asDryRun() {
    return new Call(user, part, manager, cause, true, received, turn, purpose, notes);
  }

  /// The same call, which arrived at a time.
  public Call receivedAt(Instant time) {
    return new Call(user, part, manager, cause, dryRun, time, turn, purpose, notes);
  }

  /// The same call, by a part of a program that counts as the manager.
  ///
  /// @param name what traces call the part
  public Call byPart(String name) {
    return new Call(user, name, manager, cause, dryRun, received, turn, purpose, notes);
  }

  /// The same call, whose turn it is.
  public Call inTurn(Turn its) {
    return new Call(user, part, manager, cause, dryRun, received, its, purpose, notes);
  }

  /// The same call, with the options that its client gave.
  ///
  /// @param options without their kind
  public Call withOptions(Struct options) {
    return with(new Purpose(purpose.served, options, purpose.admitted));
  }

  /// The same call, by a client that speaks a version of a resource.
  public Call asking(Resource served) {
    return with(new Purpose(served, purpose.options, purpose.admitted));
  }

  /// The same call, for writes that admission is not to look at: it has seen what they follow from.
  public Call admitted() {
    return with(new Purpose(purpose.served, purpose.options, true));
  }

  private Call with(Purpose its) {
    return new Call(user, part, manager, cause, dryRun, received, turn, its, notes);
  }

  /// The resource in the version that the client speaks; null if no client asks.
  public @Nullable Resource served() {
    return purpose.served;
  }

  /// The options that the client gave, without their kind.
  public Struct options() {
    return purpose.options;
  }

  /// Whether admission has had its say.
  public boolean isAdmitted() {
    return purpose.admitted;
  }

  /// What the call holds while it is served.
  public Turn turn() {
    return turn;
  }

  public UserInfo user() {
    return user;
  }

  /// The part of the cluster that writes, as traces name it.
  public String part() {
    return part;
  }

  /// The manager that the fields which are written belong to.
  public String manager() {
    return manager;
  }

  public long cause() {
    return cause;
  }

  /// When the request arrived; null if it did not come from elsewhere.
  public @Nullable Instant received() {
    return received;
  }

  public boolean dryRun() {
    return dryRun;
  }

  /// Adds a warning that the caller is shown; the same one only once.
  public void warn(String warning) {
    if (!notes.warnings.contains(warning)) {
      notes.warnings.add(warning);
    }
  }

  /// As [#warn], but an empty text is none.
  public void warnUnlessEmpty(String warning) {
    if (!warning.isEmpty()) {
      warn(warning);
    }
  }

  public List<String> warnings() {
    return Collections.unmodifiableList(notes.warnings);
  }

  /// Adds an annotation to the request's place in the audit log. The first value of a key stays.
  public void annotate(String key, String value) {
    if (notes.annotations == null) {
      notes.annotations = new LinkedHashMap<>();
    }
    notes.annotations.putIfAbsent(key, value);
  }

  /// Notes the object that came with the request, with its defaults.
  public void decoded(Struct object) {
    notes.object = object;
  }

  /// The object that came with the request, with its defaults; null if there is none.
  public @Nullable Struct object() {
    return notes.object;
  }

  /// Adds to what the call has waited for.
  public void waitedFor(Latencies.Layer layer, long nanoseconds) {
    if (notes.latencies == null) {
      notes.latencies = new Latencies();
    }
    notes.latencies.add(layer, nanoseconds);
  }

  /// What it has waited for; null if for nothing.
  public @Nullable Latencies latencies() {
    return notes.latencies;
  }

  /// As [#annotate], of what quotes the object: for requests whose content is recorded.
  public void annotateContent(String key, String value) {
    if (notes.contentAnnotations == null) {
      notes.contentAnnotations = new LinkedHashMap<>();
    }
    notes.contentAnnotations.putIfAbsent(key, value);
  }

  /// What the audit log is to say as well of a request whose content it records.
  public Map<String, String> contentAnnotations() {
    return notes.contentAnnotations == null
        ? Map.of()
        : Collections.unmodifiableMap(notes.contentAnnotations);
  }

  /// What the audit log is to say of the request beside what it sees for itself.
  public Map<String, String> annotations() {
    return notes.annotations == null ? Map.of() : Collections.unmodifiableMap(notes.annotations);
  }
}
