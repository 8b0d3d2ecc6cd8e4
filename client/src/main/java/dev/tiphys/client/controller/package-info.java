/// What controllers are built from: a queue of keys that need a look, workers that take from it,
/// and a reconciler that looks and says what happens next.
package dev.tiphys.client.controller;
