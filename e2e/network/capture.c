// Writes every frame that any interface of this network namespace sees to standard output, its length (32 bits, as this
// machine writes them) before it. Ended by SIGTERM it says on standard error how many it saw and how many it missed.
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#define FRAME_BYTES_MAX 262144
#define BUFFER_BYTES (64 * 1024 * 1024)

static volatile sig_atomic_t ended;

static void end(int signal) {
  (void)signal;
  ended = 1;
}

int main(void) {
  static unsigned char frame[FRAME_BYTES_MAX];
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_handler = end; // Not restarted: recv must return.
  sigaction(SIGTERM, &action, NULL);
  int line = socket(AF_PACKET, SOCK_RAW, htons(ETH_P_ALL));
  if (line < 0) {
    perror("capture");
    return 1;
  }
  int bytes = BUFFER_BYTES;
  setsockopt(line, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof bytes);
  fprintf(stderr, "listening\n");
  while (!ended) {
    ssize_t length = recv(line, frame, sizeof frame, 0);
    if (length < 0 && errno == EINTR) continue;
    if (length < 0 && errno == ENETDOWN) continue;
    if (length < 0) {
      perror("capture");
      return 1;
    }
    uint32_t before = (uint32_t)length;
    struct iovec parts[2] = {{&before, sizeof before}, {frame, (size_t)length}};
    if (writev(STDOUT_FILENO, parts, 2) != (ssize_t)(sizeof before + (size_t)length)) {
      perror("capture");
      return 1;
    }
  }
  struct tpacket_stats stats;
  socklen_t size = sizeof stats;
  if (getsockopt(line, SOL_PACKET, PACKET_STATISTICS, &stats, &size) != 0) {
    perror("capture");
    return 1;
  }
  fprintf(stderr, "seen %u missed %u\n", stats.tp_packets, stats.tp_drops);
  return 0;
}
