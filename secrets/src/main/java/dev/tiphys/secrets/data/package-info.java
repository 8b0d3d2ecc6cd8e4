/// What becomes of values on their way from a store to a Secret. Pure.
package dev.tiphys.secrets.data;
