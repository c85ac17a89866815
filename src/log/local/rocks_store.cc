#include <rocksdb/cache.h>
#include <rocksdb/db.h>
#include <rocksdb/env.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/iterator.h>
#include <rocksdb/options.h>
#include <rocksdb/table.h>
#include <rocksdb/write_batch.h>

#include "log/local/disk.h"
#include "log/local/state_store.h"

namespace baton::log::local {
namespace {

rocksdb::Slice slice(std::string_view bytes) {
  return {bytes.data(), bytes.size()};
}
std::string_view view(const rocksdb::Slice& bytes) {
  return {bytes.data(), bytes.size()};
}

Error error(const std::string& what, const rocksdb::Status& status) {
  const Code code = status.IsNoSpace() ? Code::out_of_space : status.IsCorruption() ? Code::corrupt : Code::io;
  return {code, "state: " + what + ": " + status.ToString()};
}

/// Small everything: the overlay above answers most reads, and checkpoints come as one burst.
rocksdb::Options tuned() {
  constexpr std::size_t kMiB = 1U << 20U;
  rocksdb::BlockBasedTableOptions table;
  // Half of it is for filters and indexes: a look-up that misses them reads several blocks instead of one.
  table.block_cache = rocksdb::NewLRUCache(96 * kMiB, 2, false, 0.5);
  table.cache_index_and_filter_blocks = true;
  table.cache_index_and_filter_blocks_with_high_priority = true;
  table.pin_l0_filter_and_index_blocks_in_cache = true;
  table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
  table.format_version = 5;
  rocksdb::Options options;
  options.create_if_missing = true;
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  // Most keys that are looked for are in none of the tables (was this handled before? has this instance begun?).
  options.memtable_prefix_bloom_size_ratio = 0.1;
  options.memtable_whole_key_filtering = true;
  options.write_buffer_size = 8 * kMiB;
  options.arena_block_size = kMiB / 4;
  options.max_write_buffer_number = 3;
  options.max_background_jobs = 2;
  options.max_open_files = 128;
  options.target_file_size_base = 32 * kMiB;
  options.max_bytes_for_level_base = 128 * kMiB;
  options.level_compaction_dynamic_level_bytes = true;
  options.compression = rocksdb::kLZ4Compression;
  options.keep_log_file_num = 1;
  options.max_log_file_size = kMiB;
  options.info_log_level = rocksdb::WARN_LEVEL;
  options.stats_dump_period_sec = 0;
  options.stats_persist_period_sec = 0;
  options.bytes_per_sync = kMiB;
  options.max_manifest_file_size = 4 * kMiB;
  return options;
}

class RocksCursor final : public Cursor {
 public:
  RocksCursor(rocksdb::DB& db, std::string_view from, std::string_view to) : to_(to), bound_(to_) {
    rocksdb::ReadOptions options;
    if (!to_.empty()) options.iterate_upper_bound = &bound_;
    at_.reset(db.NewIterator(options));
    at_->Seek(slice(from));
  }
  bool valid() const override { return at_->Valid(); }
  std::string_view key() const override { return view(at_->key()); }
  std::string_view value() const override { return view(at_->value()); }
  void next() override { at_->Next(); }
  Result<void> status() const override {
    if (!at_->status().ok()) return error("scan", at_->status());
    return {};
  }

 private:
  std::string to_;
  rocksdb::Slice bound_;
  std::unique_ptr<rocksdb::Iterator> at_;
};

class Rocks final : public StateStore {
 public:
  explicit Rocks(std::unique_ptr<rocksdb::DB> db) : db_(std::move(db)) { unjournaled_.disableWAL = true; }
  ~Rocks() override { (void)db_->Close(); }
  Rocks(const Rocks&) = delete;
  Rocks& operator=(const Rocks&) = delete;

  Result<std::optional<std::string>> get(std::string_view key) const override {
    std::string value;
    const rocksdb::Status status = db_->Get(rocksdb::ReadOptions(), slice(key), &value);
    if (status.IsNotFound()) return std::nullopt;
    if (!status.ok()) return error("read", status);
    return std::optional(std::move(value));
  }

  bool may_contain(std::string_view key) const override {
    std::string value;
    return db_->KeyMayExist(rocksdb::ReadOptions(), slice(key), &value);
  }

  std::unique_ptr<Cursor> scan(std::string_view from, std::string_view to) const override {
    return std::make_unique<RocksCursor>(*db_, from, to);
  }

  Result<void> write(const StoreBatch& batch) override {
    rocksdb::WriteBatch changes;
    for (const auto& [key, value] : batch) {
      const rocksdb::Status status = value ? changes.Put(slice(key), slice(*value)) : changes.Delete(slice(key));
      if (!status.ok()) return error("write", status);
    }
    return resumed([&] { return db_->Write(unjournaled_, &changes); }, "write");
  }

  Result<void> flush() override {
    return resumed([&] { return db_->Flush(rocksdb::FlushOptions()); }, "flush");
  }

 private:
  /// After a full disk RocksDB refuses writes until it is told to try again.
  template <class Act>
  Result<void> resumed(const Act& act, const char* what) {
    rocksdb::Status status = act();
    if (!status.ok() && db_->Resume().ok()) status = act();
    if (!status.ok()) return error(what, status);
    return {};
  }

  std::unique_ptr<rocksdb::DB> db_;
  rocksdb::WriteOptions unjournaled_;
};

/// Creates the folder if it is not there. RocksDB asserts where its first writes find the disk full, so it is opened
/// only where there is room for them.
Result<void> seek_room(const std::filesystem::path& folder) {
  constexpr std::uint64_t kRoomBytes = 8U << 20U;
  const std::string name = "room";
  BATON_TRY(const auto disk, open_folder(folder));
  Result<void> found;
  {
    BATON_TRY(const auto file, disk->open(name));
    found = file->preallocate(kRoomBytes);
  }
  BATON_CHECK(disk->unlink(name));
  if (!found) return within("8 MiB must be free to begin", found.error());
  return {};
}

}  // namespace

namespace {

/// RocksDB keeps a log file of its own in the folder, where nobody says otherwise.
class Silent final : public rocksdb::Logger {
 public:
  using rocksdb::Logger::Logv;
  void Logv(const char*, va_list) override {}
};

}  // namespace

Result<std::unique_ptr<StateStore>> look_into_rocks(const std::filesystem::path& folder) {
  rocksdb::Options options = tuned();
  options.create_if_missing = false;
  options.info_log = std::make_shared<Silent>();
  rocksdb::DB* db = nullptr;
  rocksdb::Status status = rocksdb::DB::OpenForReadOnly(options, folder.string(), &db);
  if (!status.ok()) return error("open " + folder.string(), status);
  auto store = std::make_unique<Rocks>(std::unique_ptr<rocksdb::DB>(db));
  status = db->VerifyChecksum(rocksdb::ReadOptions());
  if (!status.ok()) return error("check " + folder.string(), status);
  return store;
}

Result<std::unique_ptr<StateStore>> open_rocks(const std::filesystem::path& folder) {
  BATON_CHECK(seek_room(folder));
  rocksdb::DB* db = nullptr;
  const rocksdb::Status status = rocksdb::DB::Open(tuned(), folder.string(), &db);
  if (!status.ok()) return error("open " + folder.string(), status);
  return std::make_unique<Rocks>(std::unique_ptr<rocksdb::DB>(db));
}

}  // namespace baton::log::local
