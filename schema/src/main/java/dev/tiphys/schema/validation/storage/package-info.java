/// Rules for volumes, claims, and the classes and drivers behind them.
package dev.tiphys.schema.validation.storage;
