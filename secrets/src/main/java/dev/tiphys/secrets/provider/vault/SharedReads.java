package dev.tiphys.secrets.provider.vault;

import dev.tiphys.object.Struct;
import dev.tiphys.secrets.provider.StoreException;
import dev.tiphys.world.Gate;
import dev.tiphys.world.World;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads of the same thing at the same moment are one read, of which all have the answer.
///
/// Threads: any.
final class SharedReads {

  private final World world;
  private final Map<String, Flight> flights = new HashMap<>(); // guarded by itself

  /// Asks the server.
  interface Reading {
    @Nullable Struct read() throws InterruptedException;
  }

  /// A read that is under way. Its outcome is set before its gates are opened.
  private static final class Flight {
    final List<Gate> waiting = new ArrayList<>();
    @Nullable Struct answer;
    @Nullable StoreException failure;
    boolean over;
  }

  SharedReads(World world) {
    this.world = world;
  }

  /// What is read; null if there is nothing.
  ///
  /// @param what tells equal reads from others
  @Nullable Struct read(String what, Reading reading) throws InterruptedException {
    while (true) {
      Flight flight;
      Gate gate = null;
      synchronized (flights) {
        flight = flights.get(what);
        if (flight == null) {
          flight = new Flight();
          flights.put(what, flight);
        } else {
          gate = world.gate();
          flight.waiting.add(gate);
        }
      }
      if (gate == null) {
        return lead(what, flight, reading);
      }
      gate.await();
      if (flight.failure != null) {
        throw flight.failure;
      }
      if (flight.over) {
        return flight.answer;
      } // otherwise the one that read was interrupted: read after all
    }
  }

  private @Nullable Struct lead(String what, Flight flight, Reading reading)
      throws InterruptedException {
    try {
      flight.answer = reading.read();
      flight.over = true;
      return flight.answer;
    } catch (StoreException e) {
      flight.failure = e;
      throw e;
    } finally {
      synchronized (flights) {
        flights.remove(what);
      }
      flight.waiting.forEach(Gate::open);
    }
  }
}
