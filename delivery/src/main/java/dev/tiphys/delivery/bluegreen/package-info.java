/// Updates with two full sizes side by side: the active Service is switched from one to the other.
package dev.tiphys.delivery.bluegreen;
