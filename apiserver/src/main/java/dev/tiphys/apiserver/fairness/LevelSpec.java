package dev.tiphys.apiserver.fairness;

import dev.tiphys.object.Struct;

/// What a PriorityLevelConfiguration says.
///
/// @param name of the object
/// @param uid of the object
/// @param exempt whether its requests never wait
/// @param shares its part of all seats, in proportion to the others'
/// @param lendablePercent how much of that others may borrow
/// @param borrowingLimitPercent how much it may borrow; negative for as much as there is
/// @param queues how many queues there are; 0 if requests are refused instead of waiting
/// @param handSize how many queues a flow is dealt
/// @param queueLength how many requests may wait in a queue
record LevelSpec(
    String name,
    String uid,
    boolean exempt,
    long shares,
    long lendablePercent,
    long borrowingLimitPercent,
    int queues,
    int handSize,
    int queueLength) {

  static LevelSpec of(Struct object) {
    Struct spec = object.struct("spec");
    boolean exempt = spec.string("type").equals("Exempt");
    Struct part = spec.struct(exempt ? "exempt" : "limited");
    Struct queuing = part.struct("limitResponse", "queuing");
    boolean waits = part.string("limitResponse", "type").equals("Queue");
    return new LevelSpec(
        object.string("metadata", "name"),
        object.string("metadata", "uid"),
        exempt,
        part.integer("nominalConcurrencyShares"),
        part.integer("lendablePercent"),
        part.has("borrowingLimitPercent") ? part.integer("borrowingLimitPercent") : -1,
        waits ? (int) queuing.integer("queues") : 0,
        waits ? (int) queuing.integer("handSize") : 0,
        waits ? (int) queuing.integer("queueLengthLimit") : 0);
  }

  /// The limits that follow.
  ///
  /// @param seats of all levels together
  /// @param allShares of all levels together
  Limits limits(int seats, long allShares) {
    int nominal = allShares == 0 ? 0 : (int) Math.ceilDiv(seats * shares, allShares);
    int lendable = Math.round(nominal * lendablePercent / 100f);
    int borrowable =
        borrowingLimitPercent < 0 ? seats : Math.round(nominal * borrowingLimitPercent / 100f);
    return new Limits(nominal, nominal - lendable, nominal + borrowable);
  }

  /// How many seats a level has.
  ///
  /// @param nominal by its shares
  /// @param least when it lends all that it may
  /// @param most when it borrows all that it may
  record Limits(int nominal, int least, int most) {
    /// How many it has before it is known what it needs.
    int initial() {
      return nominal - (nominal - least) / 2;
    }
  }
}
